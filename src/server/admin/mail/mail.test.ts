import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { expect, test } from 'vitest';
import { makeUser, newEmail } from '../../../../tests/fixtures.ts';
import { lastMail } from '../../../../tests/mailbox.ts';
import { signedIn } from '../../auth/access.ts';
import { db, transaction } from '../../db.ts';
import { queueMails } from '../../mail/service.ts';
import { connect } from '../../mail/transport.ts';
import { sendTest } from './service.ts';

const operator = await makeUser({ sysAdmin: true });
const { mail, log } = operator.api.admin;

const DAY = 86_400_000;

/** Mails to an address, the newest first, each a day older than the one before. */
async function write(to: string, ...rows: { sentAt?: Date; failedAt?: Date; lastError?: string }[]) {
	const at = (n: number) => new Date(Date.now() - n * DAY);
	for (const [n, row] of rows.entries()) {
		const fields = { to, template: 'reset', createdAt: at(n), ...row };
		await db
			.insertInto('mail')
			.values({ ...fields, sealedProps: Buffer.from('a sealed token') })
			.execute();
	}
}

test('mails are told by state, address and page, and nothing that they say', async () => {
	const name = newEmail();
	await write(name, {}, { failedAt: new Date(), lastError: '550 No such user' }, { sentAt: new Date() });
	await write(`x${name}`, {});
	const first = await mail.list({ to: name.toUpperCase(), limit: 2 });
	expect(first).toMatchObject({ total: 3, items: [{ state: 'waiting' }, { state: 'failed' }] });
	expect(first.items[1]).toMatchObject({ to: name, template: 'reset', lastError: '550 No such user' });
	const second = await mail.list({ to: name, limit: 2, cursor: first.nextCursor! });
	expect(second).toMatchObject({ nextCursor: null, total: null, items: [{ state: 'sent' }] });
	for (const state of ['waiting', 'sent', 'failed'] as const) {
		expect((await mail.list({ to: name.slice(0, 20), state })).items).toMatchObject([{ state }]);
	}
	expect(Object.keys(first.items[0]!).sort()).toEqual(
		['createdAt', 'failedAt', 'id', 'lastError', 'sentAt', 'state', 'template', 'to'].sort()
	);
});

test('of mails that were written at once, no page misses one', async () => {
	const name = newEmail();
	await transaction((tx) =>
		queueMails(
			tx,
			'account_erased',
			Array.from({ length: 5 }, () => ({ to: name, props: {} }))
		)
	);
	const found = new Set<string>();
	let cursor: string | undefined;
	do {
		const page = await mail.list({ to: name, limit: 2, cursor });
		for (const { id } of page.items) found.add(id);
		cursor = page.nextCursor ?? undefined;
	} while (cursor);
	expect(found.size).toBe(5);
});

test('what an address begins with is taken literally', async () => {
	const name = newEmail('100%_sure');
	await write(name, {});
	expect((await mail.list({ to: name.slice(0, 30) })).items).toMatchObject([{ to: name }]);
	expect((await mail.list({ to: '%' })).items).toEqual([]);
	expect((await mail.list({ to: `${name.slice(0, 15)}\\` })).items).toEqual([]);
});

test('a test mail reaches whoever asks, and stands in both lists', async () => {
	expect(await mail.sendTest()).toEqual({ to: operator.email });
	expect((await lastMail(operator.email)).subject).toBe('A test mail of Gatehouse');
	expect((await mail.list({ to: operator.email })).items).toMatchObject([{ template: 'test', state: 'sent' }]);
	const { items } = await log.list({ actorId: operator.id });
	expect(items).toMatchObject([{ action: 'mail.tested', target: { id: operator.id } }]);
});

test('a mail server that refuses is told with its own words, and one that is away by what happened', async () => {
	const server = new SMTPServer({
		disabledCommands: ['AUTH', 'STARTTLS'],
		onRcptTo: (_, __, done) => done(Object.assign(new Error('No such mailbox here'), { responseCode: 550 }))
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const { port } = server.server.address() as AddressInfo;
	const person = await makeUser({ sysAdmin: true });
	const actor = signedIn(await person.actor());
	await expect(sendTest(actor, connect(`smtp://127.0.0.1:${port}`))).rejects.toMatchObject({
		reason: 'unavailable',
		message: expect.stringMatching(/^The mail server answered to RCPT TO: 550 No such mailbox here/) as string
	});
	await new Promise<void>((closed) => server.close(() => closed()));
	await expect(sendTest(actor, connect(`smtp://127.0.0.1:${port}`))).rejects.toMatchObject({
		reason: 'unavailable',
		message: expect.stringMatching(/as we connected: .*ECONNREFUSED/) as string
	});
	expect((await mail.list({ to: person.email })).items).toMatchObject([{ state: 'failed' }, { state: 'failed' }]);
});
