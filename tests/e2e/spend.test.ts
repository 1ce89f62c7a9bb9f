import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { hashPassword } from '../../src/server/auth/password.ts';
import { startModel } from '../model.ts';
import { connect, INSERT_PERSON } from './database.ts';
import { expect } from './fixtures.ts';
import { newEmail, PASSWORD } from './people.ts';
import { ending, start, test } from './server.ts';

/** Tokens a month: enough for a handful of calls at once. */
const CAP = 8000;

/** Calls that are answered; all that come after them hang. */
const ANSWERED = 3;

/** Somebody with an organisation and a customer, and a connection that sees all. */
async function prepare(databaseUrl: string) {
	const client = await connect(databaseUrl);
	const [email, org, id] = [newEmail(), randomUUID(), randomUUID()];
	await client.query("set app.scope = 'system'");
	await client.query(INSERT_PERSON, [email, await hashPassword(PASSWORD)]);
	await client.query("insert into org (id, slug, name) values ($1, 'acme', 'Acme')", [org]);
	await client.query(`update org set features = features || '{"ai_tokens": ${CAP}}'`);
	await client.query(`insert into membership (org_id, user_id, role) select $1, id, 'member' from "user"`, [org]);
	await client.query(
		"insert into customer (id, org_id, name, email, notes) values ($1, $2, 'Ada', 'a@x.example', 'She called.')",
		[id, org]
	);
	const numberOf = async (text: string) => Number((await client.query<{ n: string }>(text)).rows[0]!.n);
	return { client, email, id, numberOf };
}

/** Signs in, and answers how to ask for a summary; a call that was cut off has the status 0. */
async function caller(origin: string, email: string, id: string) {
	const post = (path: string, input: object, headers = {}) =>
		fetch(`${origin}/trpc/${path}`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', ...headers },
			body: JSON.stringify(input)
		});
	const answer = await post('auth.login', { identifier: email, password: PASSWORD });
	const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!);
	const token = cookies.find((cookie) => cookie.startsWith('csrf_token='))!.slice('csrf_token='.length);
	const headers = { Cookie: cookies.join('; '), 'X-CSRF-Token': token };
	return () =>
		post('assistant.summarize', { org: 'acme', id }, headers).then(
			({ status }) => status,
			() => 0
		);
}

const checkLedger = (databaseUrl: string) =>
	ending(spawn(process.execPath, ['db/check-ledger.ts'], { env: { ...process.env, DATABASE_URL: databaseUrl } }));

test('a hundred calls at once and a server that is killed spend nothing beyond the cap', async ({ serve }) => {
	const model = await startModel();
	model.conduct.of = (nth) => ({ pause: nth < ANSWERED ? 0 : 3_600_000 });
	const env = { AI_BASE_URL: model.baseUrl, AI_API_KEY: 'key', AI_MODEL: 'gpt-test' };
	const { origin, databaseUrl, child } = await serve(env);
	const { client, email, id, numberOf } = await prepare(databaseUrl);
	const summarize = await caller(origin, email, id);
	for (let answered = 0; answered < ANSWERED; answered++) expect(await summarize()).toBe(200);
	const statuses: number[] = [];
	const calls = Array.from({ length: 100 }, () => summarize().then((status) => statuses.push(status)));
	const countHanging = () => model.messages.length - ANSWERED;
	await expect.poll(() => statuses.length + countHanging(), { timeout: 30_000 }).toBe(100);
	const hanging = countHanging();
	expect(hanging).toBeGreaterThan(2);
	expect(statuses).toEqual(Array.from({ length: 100 - hanging }, () => 402));
	child.kill('SIGKILL');
	await Promise.all(calls);

	const second = await start(databaseUrl, env);
	try {
		const again = await caller(second.origin, email, id);
		// What the killed one has reserved is still taken.
		expect(await again()).toBe(402);
		expect(await numberOf('select count(*) as n from spend_reservation')).toBe(hanging);
		expect(await checkLedger(databaseUrl)).toBe(0);
		await client.query("update spend_reservation set at = now() - interval '11 minutes'");
		await client.query("select graphile_worker.add_job('spend_settling')");
		await expect.poll(() => numberOf('select count(*) as n from spend_reservation')).toBe(0);
		expect(await again()).toBe(402);
	} finally {
		second.child.kill('SIGKILL');
	}
	const left = await numberOf('select allotment as n from spend_balance');
	expect(left).toBeGreaterThanOrEqual(0);
	expect(await numberOf('select sum(amount) as n from spend_ledger')).toBe(left);
	// All that was asked of the provider, those that nobody waited for included, is paid for.
	expect(model.charged.tokens).toBeLessThanOrEqual(CAP - left);
	expect(await checkLedger(databaseUrl)).toBe(0);
	await client.end();
	model.stop();
});
