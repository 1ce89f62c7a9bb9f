import { sign } from '#server/crypto.ts';
import { db } from '#server/db.ts';
import { LIMITS, newBrowser, race } from './fixtures.ts';

export type Browser = ReturnType<typeof newBrowser>;

/** A password that nobody has. */
export const WRONG = 'not-the-password';

/** A browser of its own at an address, where a deployment limits what it does. */
export const at = (address: string) => newBrowser(LIMITS, address);

export const logIn = ({ api }: Browser, identifier: string, password = WRONG) =>
	api.auth.login({ identifier, password });

/** What came of some sign-ins, in numbers. */
export async function tally(attempts: Promise<{ lost: { reason?: string }[]; won: unknown[] }>) {
	const { won, lost } = await attempts;
	const of = (reason: string) => lost.filter((error) => error.reason === reason).length;
	return { in: won.length, wrong: of('invalid_credentials'), refused: of('rate_limited') };
}

/** Tries wrong passwords at once, each in a browser of its own, at one address or at one each. */
export const guess = (times: number, identifier: string, address: string | (() => string)) =>
	tally(race(times, () => logIn(at(typeof address === 'string' ? address : address()), identifier)));

/** Why calls were refused, each reason once. */
export const reasonsOf = (lost: { reason?: string }[]) => [...new Set(lost.map(({ reason }) => reason))];

const subjectOf = (name: string, who: string) => sign('limit', `${name} ${who}`);

/** How often something was counted in a limit's present window; nothing where none began. */
export const usedOf = async (name: string, who: string) => {
	const row = db.selectFrom('rateLimit').where('name', '=', name).where('subject', '=', subjectOf(name, who));
	return (await row.select('used').executeTakeFirst())?.used;
};

/** Lets the window of a limit end. */
export const pass = (name: string, who: string) =>
	db
		.updateTable('rateLimit')
		.where('name', '=', name)
		.where('subject', '=', subjectOf(name, who))
		.set({ resetsAt: new Date(Date.now() - 1000) })
		.executeTakeFirstOrThrow();
