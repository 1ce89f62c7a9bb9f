import { expect } from 'vitest';
import { makeUser, newEmail, PASSWORD } from './fixtures.ts';
import { lastToken, mailTo } from './mailbox.ts';

export type Person = Awaited<ReturnType<typeof makeUser>>;

export const makePerson = () => makeUser({ password: PASSWORD });

/** The token in a mail to an address that says certain words, once it came. */
export async function tokenIn(to: string, ...words: string[]): Promise<string> {
	const find = async () => (await mailTo(to)).find(({ text }) => words.every((word) => text.includes(word)))?.text;
	await expect.poll(find, { timeout: 10_000 }).toBeDefined();
	return /email\/([\w-]{43})/.exec((await find())!)![1]!;
}

/** Asks for a change of address; the links that come to the new address and to the one that the person has. */
export async function asked({ api }: Pick<Person, 'api'>, from: string, email = newEmail('new')) {
	await api.account.changeEmail({ email, password: PASSWORD });
	return { email, confirm: await lastToken('confirm-email', email), undo: await tokenIn(from, email, '/undo-email/') };
}

/** A whole change of address; with the way back that is mailed when it is done. */
export async function moved(person: Pick<Person, 'api'>, from: string, email = newEmail('new')) {
	const links = await asked(person, from, email);
	await person.api.account.confirmEmail({ token: links.confirm });
	return { ...links, undoDone: await tokenIn(from, email, 'take your account back') };
}
