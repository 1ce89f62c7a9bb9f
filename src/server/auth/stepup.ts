import { AppError } from '../errors.ts';
import type { SignedIn } from './actor.ts';

/** How long a proof of who one is counts, in milliseconds: ten minutes. */
const PROOF_MS = 10 * 60 * 1000;

/** Until when a proof counts. */
export const provenUntil = (provenAt: Date): Date => new Date(provenAt.getTime() + PROOF_MS);

/** True within ten minutes of signing in, or of proving oneself again; never of who acts as somebody else. */
export const isProven = ({ session }: SignedIn): boolean =>
	!session.impersonator && provenUntil(session.provenAt).getTime() > Date.now();

/** @throws {AppError} `step_up_required` */
export function requireProof(actor: SignedIn): void {
	if (isProven(actor)) return;
	throw new AppError('step_up_required', 'Please confirm that it is you, then try again.');
}
