import { expect } from 'playwright/test';

export type Mail = { id: string; to: string; subject: string; text: string; html: string; sentAt: string };

/** What was sent to an address, newest first. */
export async function mailTo(to: string): Promise<Mail[]> {
	const response = await fetch(`${process.env.E2E_ORIGIN}/dev/mail.json?to=${encodeURIComponent(to)}`);
	return (await response.json()) as Mail[];
}

/** The newest mail to an address whose subject fits, once it came. */
export async function lastMail(to: string, subject = /./): Promise<Mail> {
	const found = async () => (await mailTo(to)).find((mail) => subject.test(mail.subject));
	await expect.poll(found, `mail ${subject} to ${to}`).toBeDefined();
	return (await found())!;
}

export type LinkKind = 'verify' | 'reset' | 'invite' | 'confirm-email' | 'undo-email' | 'restore' | 'export';

const SUBJECTS: Record<LinkKind, RegExp> = {
	verify: /^Verify your e-mail address/,
	reset: /^Set a new password|is this one again$/,
	invite: / invites you to /,
	'confirm-email': /^Confirm your new e-mail address/,
	'undo-email': /^Your e-mail address .* (is about to change|was changed)$/,
	restore: /^Your account at .* is deleted$/,
	export: /^Your data /
};

/** The path of the last link of a kind that was mailed to an address. */
export async function lastLink(kind: LinkKind, to: string): Promise<string> {
	const { text } = await lastMail(to, SUBJECTS[kind]);
	const [link] = new RegExp(`${process.env.E2E_ORIGIN}/${kind}/[\\w-]+$`, 'm').exec(text) ?? [];
	expect(link, `a link in: ${text}`).toBeDefined();
	return new URL(link!).pathname;
}

export const tokenOf = (link: string): string => link.slice(link.lastIndexOf('/') + 1);
