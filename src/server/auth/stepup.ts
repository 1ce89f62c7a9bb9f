import { AppError } from '../errors.ts';
import type { SignedIn } from './actor.ts';

/** How long a proof of who one is counts, in milliseconds: ten minutes. */
export const PROOF_MS = 10 * 60 * 1000;

/** True within ten minutes of signing in, or of proving oneself again. */
export const isProven = ({ session }: SignedIn): boolean => Date.now() - session.provenAt.getTime() < PROOF_MS;

/** @throws {AppError} `step_up_required` */
export function requireProof(actor: SignedIn): void {
	if (isProven(actor)) return;
	throw new AppError('step_up_required', 'Please confirm that it is you, then try again.');
}
