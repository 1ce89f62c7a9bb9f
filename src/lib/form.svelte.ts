import { tick } from 'svelte';
import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from '#server/router.ts';
import type { Reason } from '#server/errors.ts';

const isReply = (error: unknown): error is TRPCClientError<AppRouter> => error instanceof TRPCClientError;

const UNREACHABLE = 'Could not reach the server. Check your connection and try again.';

/** What a call beside tRPC was refused with, in words for the person; `field` says which entry is to blame. */
export class Refusal extends Error {
	readonly field: string | undefined;
	constructor(message = UNREACHABLE, field?: string) {
		super(message);
		this.field = field;
	}
}

/** The state of one form: whether it is being sent, and what the server said about it. */
export class FormState {
	pending = $state(false);
	message = $state('');
	reason = $state<Reason | null>(null);
	fields = $state<Record<string, string[] | undefined>>({});

	/** Sends once; `done` runs only when the server accepted. The first field in error gets the focus. */
	async send<T>(mutate: () => Promise<T>, done: (result: T) => unknown): Promise<void> {
		if (this.pending) return;
		this.pending = true;
		this.clear();
		try {
			await done(await mutate());
		} catch (error) {
			if (isReply(error)) this.show(error);
			else if (error instanceof Refusal) this.refuse(error);
			else throw error;
		} finally {
			this.pending = false;
		}
		if (Object.keys(this.fields).length === 0) return;
		await tick();
		document.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
	}

	private clear(): void {
		this.message = '';
		this.reason = null;
		this.fields = {};
	}

	private refuse({ message, field }: Refusal): void {
		this.message = message;
		if (field) this.fields = { [field]: [message] };
	}

	private show({ data, message }: TRPCClientError<AppRouter>): void {
		this.message = data ? message : UNREACHABLE;
		this.reason = data?.reason ?? null;
		this.fields = data?.fields ?? {};
		if (data?.httpStatus === 500) this.message += ` If it happens again, tell us this number: ${data.requestId}`;
	}
}
