import { signedIn } from './access.ts';
import type { Actor, Program, SignedIn } from './actor.ts';
import { AppError } from '../errors.ts';
import { requireProof } from './stepup.ts';

/** What a procedure asks of its caller: to be a person, the very one whose account it is, or one who proved it lately. */
type Asks = { people?: boolean; own?: boolean; proof?: boolean } | undefined;

/** @throws {AppError} `impersonating` to whoever acts as somebody else */
export function refuseImpersonator({ session }: SignedIn): void {
	if (!session.impersonator) return;
	throw new AppError('impersonating', 'You are acting as somebody else. Only they can do this themselves.');
}

/**
 * The person behind a call, with the proof that its procedure asks for.
 * @throws {AppError} what `signedIn` throws; `impersonating`; `step_up_required`
 */
export function admitPerson(caller: Actor, asks: Asks): SignedIn {
	const actor = signedIn(caller);
	if (asks?.own || asks?.proof) refuseImpersonator(actor);
	if (asks?.proof) requireProof(actor);
	return actor;
}

/** The same, or the key behind a call that does not ask for a person. */
export const admit = (caller: Actor, asks: Asks): SignedIn | Program =>
	caller.kind === 'apiKey' && !asks?.people && !asks?.proof ? caller : admitPerson(caller, asks);
