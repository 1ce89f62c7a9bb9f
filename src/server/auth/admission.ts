import { signedIn } from './access.ts';
import type { Actor, Program, SignedIn } from './actor.ts';
import { requireProof } from './stepup.ts';

/** What a procedure asks of its caller: to be a person, or a person who proved it lately. */
type Asks = { people?: boolean; proof?: boolean } | undefined;

/**
 * The person behind a call, with the proof that its procedure asks for.
 * @throws {AppError} what `signedIn` throws; `step_up_required`
 */
export function admitPerson(caller: Actor, asks: Asks): SignedIn {
	const actor = signedIn(caller);
	if (asks?.proof) requireProof(actor);
	return actor;
}

/** The same, or the key behind a call that does not ask for a person. */
export const admit = (caller: Actor, asks: Asks): SignedIn | Program =>
	caller.kind === 'apiKey' && !asks?.people && !asks?.proof ? caller : admitPerson(caller, asks);
