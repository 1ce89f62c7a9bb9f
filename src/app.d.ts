import type { Session } from '#lib/auth.svelte.ts';
import type { Outputs } from '#lib/trpc.ts';
import type { Actor } from '#server/auth/actor.ts';
import type { createCaller } from '#server/router.ts';
import type { Count } from '#server/usage/calls.ts';

declare global {
	namespace App {
		interface Error {
			status: number;
			message: string;
			reason?: string;
			requestId?: string;
		}
		interface PageData {
			session: Session;
			config: Outputs['auth']['config'];
			theme?: string;
			/** The server's clock at the first render, so that the browser writes the same relative times. */
			now: Date;
		}
		interface PageState {
			/** Said once, on the page that a form leads to. */
			notice?: string;
			warning?: string;
			/** Whom the link was sent to; kept out of the address bar. */
			email?: string;
		}
		interface Locals {
			actor: Actor;
			api: ReturnType<typeof createCaller>;
			requestId: string;
			/** Counts this request as one call of whoever makes it, however often it is asked to. */
			count: Count;
			/** Why a request was refused, where that is known. */
			reason?: string;
			/** Seconds that a refused request is told to wait. */
			retryAfter?: number;
		}
	}
}

export {};
