import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inTurn, passing } from '../proxy.ts';
import { query } from './database.ts';
import { expect } from './fixtures.ts';
import { send } from './raw.ts';
import { test as base, type Server } from './server.ts';
import { signInAt } from './visitor.ts';

type Pair = { servers: [Server, Server]; proxy: string; databaseUrl: string };

/** Two processes on one database, behind a proxy that asks them in turn. */
const test = base.extend<{ pair: Pair }>({
	pair: async ({ serve }, use) => {
		const env = { TRUSTED_PROXY_HOPS: '1' };
		const first = await serve(env);
		const { databaseUrl } = first;
		const second = await serve({ ...env, DATABASE_URL: databaseUrl });
		const proxy = createServer(passing(inTurn([first.origin, second.origin]))).listen(0, '127.0.0.1');
		await once(proxy, 'listening');
		const origin = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
		await use({ servers: [first, second], proxy: origin, databaseUrl });
		proxy.close().closeAllConnections();
	}
});

test('what one process ends, the other refuses with the next call', async ({ pair }) => {
	const { servers, proxy, databaseUrl } = pair;
	const me = async (headers: Record<string, string>) => {
		const answers = await Promise.all(servers.map(({ origin }) => send('/trpc/auth.me', { headers }, origin)));
		return answers.map(({ status }) => status);
	};
	const [leaving, suspended] = [await signInAt(proxy, databaseUrl), await signInAt(proxy, databaseUrl)];
	expect(await me(leaving.headers)).toEqual([200, 200]);
	expect(await me(suspended.headers)).toEqual([200, 200]);

	const [first] = servers;
	const signedOut = await send(
		'/trpc/auth.logout',
		{ method: 'POST', headers: leaving.headers, body: '{}' },
		first.origin
	);
	expect(signedOut.status).toBe(200);
	expect(await me(leaving.headers)).toEqual([401, 401]);

	await query('update "user" set suspended_at = now() where email = $1', [suspended.email], databaseUrl);
	expect(await me(suspended.headers)).toEqual([403, 403]);
});

test('calls behind a proxy are limited in all, whichever process they reach', async ({ pair: { proxy } }) => {
	const ask = async () => (await send('/trpc/auth.config', {}, proxy)).status;
	const answers: number[] = [];
	for (let round = 0; round < 9; round++) {
		answers.push(...(await Promise.all(Array.from({ length: 50 }, ask))));
	}
	expect(new Set(answers)).toEqual(new Set([200, 429]));
	const passed = answers.filter((status) => status === 200).length;
	expect(passed).toBeLessThanOrEqual(300);
	// What a process took and did not spend is lost to the other.
	expect(passed).toBeGreaterThan(200);
});

test('what runs by the clock runs once', async ({ pair: { databaseUrl } }) => {
	test.setTimeout(150_000);
	await query(
		`create table clocked (task_id int, at text);
		create function note_clocked() returns trigger language plpgsql as $$
		begin
			insert into clocked values (new.task_id, new.payload::jsonb #>> '{_cron,ts}');
			return null;
		end $$;
		create trigger note_clocked after insert or update of payload on graphile_worker._private_jobs
			for each row when (new.payload::jsonb ? '_cron') execute function note_clocked();`,
		[],
		databaseUrl
	);
	const counted = 'select count(*)::int as n from clocked group by task_id, at';
	const runs = async () => (await query(counted, [], databaseUrl)).rows as { n: number }[];
	await expect.poll(async () => (await runs()).length, { timeout: 90_000 }).toBeGreaterThanOrEqual(2);
	// Time enough for the other process, which has the same clock.
	await new Promise((resolve) => setTimeout(resolve, 2000));
	for (const { n } of await runs()) expect(n).toBe(1);
});
