import type { Actor } from '#server/auth/actor.ts';
import type { createCaller } from '#server/router.ts';

declare global {
	namespace App {
		interface Error {
			status: number;
			message: string;
			reason?: string;
			requestId?: string;
		}
		interface PageState {
			/** Said once, on the page that a form leads to. */
			notice?: string;
			/** Whom the link was sent to; kept out of the address bar. */
			email?: string;
		}
		interface Locals {
			actor: Actor;
			api: ReturnType<typeof createCaller>;
			requestId: string;
		}
	}
}

export {};
