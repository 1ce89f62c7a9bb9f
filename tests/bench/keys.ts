import { createHash, randomBytes } from 'node:crypto';
import autocannon from 'autocannon';
import pg from 'pg';
import { newKey } from '../../src/server/apikeys/secret.ts';
import { send } from '../e2e/raw.ts';
import { median } from './table.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Somebody with an organisation whose tier limits nothing, with a session and a key for the same call. */
const WORLD = `
	with person as (
		insert into "user" (email, email_verified_at) values ('keys@bench.example', now()) returning id
	), session as (
		insert into session (id, user_id, remembered, ip, device, expires_at)
		select $1, id, false, '', '', now() + interval '1 day' from person
	), org as (
		insert into org (slug, name, tier) values ('keys', 'Keys', 'enterprise') returning id
	), membership as (
		insert into membership (org_id, user_id, role) select org.id, person.id, 'member' from org, person
	), key as (
		insert into api_key (org_id, maker_id, name, role) select org.id, person.id, 'Bench', 'member' from org, person
		returning id
	)
	insert into api_key_secret (hash, key_id, prefix) select $2, id, $3 from key`;

export type Callers = Record<'anonymous' | 'session' | 'key', { path: string; headers: Record<string, string> }>;

/** Who makes the calls that are compared: the same one by session and by key, and one that does nothing by nobody. */
export async function makeCallers(): Promise<Callers> {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await client.connect();
	const token = randomBytes(32).toString('base64url');
	const { key, prefix } = newKey();
	await client.query(WORLD, [sha256(token), sha256(key), prefix]);
	await client.query(`update org set limits = '{}' where slug = 'keys'`);
	await client.end();
	const path = `/trpc/orgs.get?input=${encodeURIComponent(JSON.stringify({ org: 'keys' }))}`;
	return {
		anonymous: { path: '/trpc/auth.session', headers: {} },
		session: { path, headers: { Cookie: `__Host-session_id=${token}` } },
		key: { path, headers: { Authorization: `Bearer ${key}` } }
	};
}

const ROUNDS = 250;

let nth = 0;

/** Milliseconds until an answer, from an address that asked for little yet. */
async function timeOf(origin: string, { path, headers }: Callers[keyof Callers]): Promise<number> {
	const start = performance.now();
	const forwarded = { 'X-Forwarded-For': `10.1.${++nth >> 8}.${nth & 255}` };
	const { status, body } = await send(path, { headers: { ...headers, ...forwarded } }, origin);
	if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
	return performance.now() - start;
}

/** The median time of each caller's answers, call by call in turn, so that what else the machine does falls on all. */
export async function compareCallers(origin: string, callers: Callers): Promise<Record<keyof Callers, number>> {
	const times = { anonymous: [] as number[], session: [] as number[], key: [] as number[] };
	for (let round = 0; round < ROUNDS; round++) {
		for (const who of ['anonymous', 'session', 'key'] as const) times[who].push(await timeOf(origin, callers[who]));
	}
	const warm = (measured: number[]) => median(measured.slice(ROUNDS / 5));
	return { anonymous: warm(times.anonymous), session: warm(times.session), key: warm(times.key) };
}

/** The times of calls on one key at a steady rate a second, in milliseconds. */
export async function pace(origin: string, { key }: Callers, overallRate: number, duration: number) {
	const load = { headers: key.headers, connections: 10, overallRate, duration };
	const { latency, errors, non2xx } = await autocannon({ url: origin + key.path, ...load });
	if (errors + non2xx > 0) throw new Error(`${errors} errors, ${non2xx} answers other than 2xx at ${overallRate}/s.`);
	return { median: latency.p50, p99: latency.p99 };
}
