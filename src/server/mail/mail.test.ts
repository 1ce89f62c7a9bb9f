import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { makeWorkerUtils, runOnce, type TaskList, type WorkerUtils } from 'graphile-worker';
import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATABASE_URL } from '$app/env/private';
import { newEmail } from '../../../tests/fixtures.ts';
import { lastMail } from '../../../tests/mailbox.ts';
import { newToken, open, seal } from '../crypto.ts';
import { db, transaction } from '../db.ts';
import { logger } from '../jobs.ts';
import { handlers } from '../tasks.ts';
import { insertMails } from './queries.ts';
import { deliver, queueMail } from './service.ts';
import { connect, type Transport } from './transport.ts';

type Refuse = (delivery: number) => boolean;

/** A mail server that refuses some of its deliveries, and keeps every message it saw. */
async function mailServer(refuse: Refuse) {
	const seen: { raw: string; refused: boolean }[] = [];
	const server = new SMTPServer({
		authOptional: true,
		disabledCommands: ['STARTTLS'],
		onData(stream, _session, done) {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => {
				const refused = refuse(seen.length);
				seen.push({ raw: Buffer.concat(chunks).toString(), refused });
				done(refused ? Object.assign(new Error('Try again later'), { responseCode: 451 }) : null);
			});
		}
	});
	await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
	const { port } = server.server.address() as AddressInfo;
	return {
		seen,
		transport: connect(`smtp://127.0.0.1:${port}`),
		close: () => new Promise<void>((closed) => server.close(closed))
	};
}

async function newMail(to: string, token = newToken()) {
	const mail = { to, template: 'reset', sealedProps: seal('mail', JSON.stringify({ token })) };
	return (await insertMails(db, [mail]))[0]!;
}

const findMail = (id: string) => db.selectFrom('mail').where('id', '=', id).selectAll().executeTakeFirstOrThrow();

describe('the queue', () => {
	let utils: WorkerUtils;
	beforeAll(async () => void (utils = await makeWorkerUtils({ connectionString: DATABASE_URL, logger })));
	afterAll(() => utils.release());

	/** Works on jobs of this test alone until none is left, without waiting for their turn. */
	async function drain(task: string, transport: Transport, ids: string[]) {
		const taskList: TaskList = {
			[task]: (payload, { job }) =>
				deliver((payload as { mailId: string }).mailId, job.attempts >= job.max_attempts, transport)
		};
		const jobs = await Promise.all(ids.map((mailId) => utils.addJob(task, { mailId }, { maxAttempts: 13 })));
		const jobIds = jobs.map((job) => job.id);
		for (let round = 0; round < 13; round++) {
			await runOnce({ connectionString: DATABASE_URL, taskList, logger, noHandleSignals: true });
			await utils.rescheduleJobs(jobIds, { runAt: new Date(0) });
		}
	}

	test('loses nothing to a server that refuses a quarter, and keeps each Message-ID over retries', async () => {
		const server = await mailServer((delivery) => delivery % 4 === 0);
		const mails = await Promise.all(Array.from({ length: 20 }, () => newMail(newEmail())));
		await drain(
			newToken(),
			server.transport,
			mails.map(({ id }) => id)
		);
		await server.close();

		const messageId = async ({ raw }: { raw: string }) => (await PostalMime.parse(raw)).messageId!;
		const accepted = await Promise.all(server.seen.filter(({ refused }) => !refused).map(messageId));
		const refused = await Promise.all(server.seen.filter((message) => message.refused).map(messageId));
		expect(accepted).toHaveLength(20);
		expect(new Set(accepted)).toEqual(new Set(mails.map(({ id }) => `<${id}@localhost>`)));
		expect(refused.length).toBeGreaterThan(0);
		expect(accepted).toEqual(expect.arrayContaining(refused));
	});

	test('gives a mail up after its last try, and says why', async () => {
		const server = await mailServer(() => true);
		const { id } = await newMail(newEmail());
		await drain(newToken(), server.transport, [id]);
		await server.close();
		expect(server.seen).toHaveLength(13);
		const given = await findMail(id);
		expect(given).toMatchObject({ sentAt: null, sealedProps: null });
		expect(given.failedAt).toBeInstanceOf(Date);
		expect(given.lastError).toContain('Try again later');
	});
});

test('a mail has a text and an HTML part, one link, and a recipient that is no header', async () => {
	const server = await mailServer(() => false);
	const to = newEmail();
	const token = newToken();
	const { id } = await newMail(to, token);
	await deliver(id, false, server.transport);
	await server.close();
	const { subject, text, html, to: recipients, from } = await PostalMime.parse(server.seen[0]!.raw);
	expect(subject).toBe('Set a new password for Gatehouse');
	expect(recipients).toMatchObject([{ address: to }]);
	expect(from?.address).toBe('gatehouse@localhost');
	expect(text).toContain(`/reset/${token}`);
	expect(new Set(html!.match(/https?:\/\/[^"<\s]+/g))).toEqual(new Set([expect.stringContaining(`/reset/${token}`)]));
});

test('its secret is sealed in the queue, nowhere in the job, and gone after delivery', async () => {
	const to = newEmail();
	const token = newToken();
	await transaction((tx) => queueMail(tx, to, 'reset', { token }));
	const queued = await db.selectFrom('mail').where('to', '=', to).selectAll().executeTakeFirstOrThrow();
	expect(open('mail', queued.sealedProps!)).toContain(token);
	expect(JSON.stringify(queued)).not.toContain(token);
	expect((await lastMail(to)).text).toContain(token);
	expect(await findMail(queued.id)).toMatchObject({
		sealedProps: null,
		lastError: null,
		sentAt: expect.any(Date) as Date
	});
});

test('a mail whose process was killed on its last try is given up, and no other', async () => {
	const [dead, underWay, waiting] = [newEmail(), newEmail(), newEmail()];
	await transaction(async (tx) => {
		for (const to of [dead, underWay, waiting]) await queueMail(tx, to, 'password_reset', {});
		// Before anybody else's worker sees them.
		await sql`
			update graphile_worker._private_jobs as job
			set attempts = case mail."to" when ${waiting} then 12 else 13 end, run_at = now() + interval '1 hour',
				locked_by = case mail."to" when ${waiting} then null else 'dead ' || mail.id end,
				locked_at = case mail."to" when ${dead} then now() - interval '3 minutes' when ${underWay} then now() end
			from mail where job.key = mail.id::text and mail."to" in (${dead}, ${underWay}, ${waiting})`.execute(tx);
	});
	await handlers.release_jobs({}, { isLast: true });
	const left = (to: string) => db.selectFrom('mail').where('to', '=', to).selectAll().executeTakeFirstOrThrow();
	expect(await left(dead)).toMatchObject({ failedAt: expect.any(Date) as Date, sealedProps: null, sentAt: null });
	expect((await left(dead)).lastError).toMatch(/stopped during the last try/);
	for (const to of [underWay, waiting]) expect(await left(to)).toMatchObject({ failedAt: null, lastError: null });
});

test('mail leaves with its transaction or not at all', async () => {
	const to = newEmail();
	await expect(
		transaction(async (tx) => {
			await queueMail(tx, to, 'password_reset', {});
			throw new Error('changed its mind');
		})
	).rejects.toThrow('changed its mind');
	expect(await db.selectFrom('mail').where('to', '=', to).selectAll().execute()).toEqual([]);
});
