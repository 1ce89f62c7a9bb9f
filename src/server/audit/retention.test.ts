import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { race } from '../../../tests/fixtures.ts';
import { asSystem } from '../../../tests/tenants.ts';
import { enterOrg } from '../auth/access.ts';
import { db, transaction } from '../db.ts';
import { startJobs } from '../jobs.ts';
import { audit } from './service.ts';

type Past = { orgId: string; actorId?: string | null; daysAgo?: number };

/** One row of the past; the organisation need not be there any more. */
const write = ({ orgId, actorId = null, daysAgo = 0 }: Past) =>
	asSystem((tx) =>
		tx
			.insertInto('auditLog')
			.values({
				...{
					orgId,
					actorId,
					action: 'org.deleted',
					actorKind: 'user',
					ip: '192.0.2.1',
					device: 'Vitest',
					requestId: ''
				},
				at: new Date(Date.now() - daysAgo * 86_400_000)
			})
			.execute()
	);

const rowsOf = (orgId: string) =>
	asSystem((tx) =>
		tx.selectFrom('auditLog').where('orgId', '=', orgId).selectAll().orderBy('at').orderBy('id').execute()
	);

/** Days that no other test's rows are old. */
const LONG = 8000;

const maintain = () => transaction((tx) => sql`select maintain_audit_log(${LONG})`.execute(tx));
const erase = (person: string) =>
	transaction((tx) => sql`select erase_from_log('audit_log', ${[person]}::uuid[], '{}', '{}', '{}')`.execute(tx));

/** Everything that could change or drop a row, each also where it meets none. */
const ATTEMPTS = [
	'update audit_log set ip = null',
	'update audit_log set ip = null where false',
	'delete from audit_log',
	'delete from audit_log where false',
	'delete from only audit_log',
	'truncate audit_log',
	'merge into audit_log a using audit_log b on a.id = b.id when matched then delete',
	'merge into audit_log a using audit_log b on a.id = b.id when matched then update set ip = null',
	'merge into audit_log using (select) as nothing on false when matched then delete',
	`insert into audit_log select * from audit_log on conflict (id) do update set ip = null`,
	'with gone as (delete from audit_log returning id) select count(*) from gone',
	'do $$ begin delete from audit_log; end $$',
	`do $$ begin execute 'truncate audit_log'; end $$`,
	`create function pg_temp.wipe() returns void language sql begin atomic delete from audit_log; end; select pg_temp.wipe()`,
	`create temp view every_row as select * from audit_log; delete from every_row`
];

describe('the log is insert-only', () => {
	test.for(ATTEMPTS)('%s', async (statement) => {
		const orgId = randomUUID();
		await write({ orgId });
		const before = await rowsOf(orgId);
		const attempts = {
			outside: () => transaction((tx) => sql.raw(statement).execute(tx)),
			inside: () => transaction((tx) => enterOrg(tx, orgId).then(() => sql.raw(statement).execute(tx))),
			system: () => asSystem((tx) => sql.raw(statement).execute(tx))
		};
		for (const attempt of Object.values(attempts)) {
			await expect(attempt()).rejects.toMatchObject({ code: '42501', message: 'The audit log is insert-only.' });
		}
		expect(await rowsOf(orgId)).toEqual(before);
	});

	test('also where the refusal is swallowed', async () => {
		const orgId = randomUUID();
		await write({ orgId });
		const swallowing = 'do $$ begin delete from audit_log; exception when others then null; end $$';
		await asSystem((tx) => sql.raw(swallowing).execute(tx));
		expect(await rowsOf(orgId)).toHaveLength(1);
	});

	test('and outlives its organization, where only the system sees it', async () => {
		const orgId = randomUUID();
		await write({ orgId });
		const visible = () => db.selectFrom('auditLog').where('orgId', '=', orgId).select('id').execute();
		expect(await visible()).toEqual([]);
		expect(await rowsOf(orgId)).toHaveLength(1);
	});
});

describe('maintenance', () => {
	test('drops what is older, and nothing else', async () => {
		const orgId = randomUUID();
		for (const daysAgo of [LONG + 1, LONG + 0.01, LONG - 0.01, 1]) await write({ orgId, daysAgo });
		await maintain();
		const ages = (await rowsOf(orgId)).map(({ at }) => Math.round((Date.now() - at.getTime()) / 86_400_000));
		expect(ages).toEqual([LONG, 1]);
	});

	test('strips address and device of an erased person, of nobody else', async () => {
		const [orgId, erased, other] = [randomUUID(), randomUUID(), randomUUID()];
		for (const actorId of [erased, other, null]) await write({ orgId, actorId });
		const before = await rowsOf(orgId);
		await erase(erased);
		const bare = before.map((row) => (row.actorId === erased ? { ...row, ip: null, device: null } : row));
		expect(await rowsOf(orgId)).toEqual(bare);
	});

	test('gives nobody the right to rewrite afterwards', async () => {
		await write({ orgId: randomUUID(), daysAgo: LONG + 1 });
		const within = asSystem(async (tx) => {
			await sql`select maintain_audit_log(${LONG})`.execute(tx);
			await tx.deleteFrom('auditLog').execute();
		});
		await expect(within).rejects.toMatchObject({ code: '42501' });
		await maintain();
		await expect(asSystem((tx) => tx.deleteFrom('auditLog').execute())).rejects.toMatchObject({ code: '42501' });
	});

	test('lets twenty writers work at the same time', async () => {
		const orgId = randomUUID();
		for (let n = 0; n < 5; n++) await write({ orgId, daysAgo: LONG + 1 });
		const actor = { kind: 'anonymous', ip: '192.0.2.1', device: '', requestId: 'test' } as const;
		const writing = race(20, async () => {
			for (let n = 0; n < 10; n++) {
				await transaction(async (tx) => {
					await enterOrg(tx, orgId);
					await audit(tx, actor, orgId, 'org.updated');
					await tx.selectFrom('auditLog').where('orgId', '=', orgId).select('id').execute();
				});
			}
		});
		const maintaining = race(3, async () => {
			for (let n = 0; n < 5; n++) {
				await write({ orgId, daysAgo: LONG + 1 });
				await maintain();
			}
		});
		expect([...(await writing).lost, ...(await maintaining).lost]).toEqual([]);
		await maintain();
		expect(await rowsOf(orgId)).toHaveLength(200);
	});

	test('keeps nobody waiting for long behind itself, nor does any other way to change a log', async () => {
		const { rows } = await sql<{ name: string; patience: string | null }>`
			select proname as name, substring(proconfig::text from 'lock_timeout=(\\w+)') as patience
			from pg_proc where prosrc like '%disable trigger%' order by proname`.execute(db);
		expect(rows).toEqual([
			{ name: 'erase_from_log', patience: '5s' },
			{ name: 'maintain_audit_log', patience: '5s' }
		]);
	});

	test('runs by the clock, once for two processes, and makes up for a missed night', async () => {
		const orgId = randomUUID();
		for (const daysAgo of [366, 364]) await write({ orgId, daysAgo });
		await sql`
			insert into graphile_worker._private_known_crontabs (identifier, known_since, last_execution)
			values ('audit_retention', now() - interval '3 days', now() - interval '2 days')
			on conflict (identifier) do update set known_since = excluded.known_since, last_execution = excluded.last_execution`.execute(
			db
		);
		const runners = await Promise.all([startJobs(), startJobs()]);
		let runs = 0;
		for (const { events } of runners) {
			events.on('job:success', ({ job }) => {
				if (job.task_identifier === 'audit_retention') runs++;
			});
		}
		for (let tries = 0; tries < 100 && (runs === 0 || (await rowsOf(orgId)).length > 1); tries++) await sleep(50);
		await sleep(200);
		await Promise.all(runners.map((runner) => runner.stop()));
		expect(runs).toBe(1);
		expect(await rowsOf(orgId)).toHaveLength(1);
	});
});
