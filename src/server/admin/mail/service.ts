import type { SignedIn } from '../../auth/actor.ts';
import { transaction } from '../../db.ts';
import { AppError } from '../../errors.ts';
import { deliver, writeMails } from '../../mail/service.ts';
import type { Transport } from '../../mail/transport.ts';
import { record } from '../log/service.ts';

/** How nodemailer tells of a conversation that failed: at which command, `CONN` before any, and with which answer. */
type Refused = Error & { command: string; response?: string };

const isRefused = (error: unknown): error is Refused => error instanceof Error && 'command' in error;

function sentenceOf({ command, response, message }: Refused): string {
	const at = command === 'CONN' ? 'as we connected' : `to ${command}`;
	return response ? `The mail server answered ${at}: ${response}` : `The mail server said nothing ${at}: ${message}`;
}

/**
 * Sends a mail to whoever asks, in one try that they wait for.
 * @throws {AppError} `unavailable`, saying how the conversation with the mail server went
 */
export async function sendTest(actor: SignedIn, by?: Transport) {
	const { id: userId, email } = actor.user;
	const mails = await transaction(async (tx) => {
		await record(tx, actor, 'mail.tested', { userId });
		return writeMails(tx, 'test', [{ to: email, props: {} }]);
	});
	try {
		await deliver(mails[0]!.id, true, by);
	} catch (error) {
		throw isRefused(error) ? new AppError('unavailable', sentenceOf(error)) : error;
	}
	return { to: email };
}
