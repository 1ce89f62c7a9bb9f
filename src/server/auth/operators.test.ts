import { randomUUID } from 'node:crypto';
import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../../db/migrate.ts';
import { createDatabase, dropDatabase } from '../../../tests/e2e/database.ts';
import { race } from '../../../tests/fixtures.ts';
import type { Db } from '../db.ts';
import { deactivate } from '../leaving/queries.ts';
import type { DB } from '../schema.ts';
import type { SignedIn } from './actor.ts';
import { keepOperator } from './operators.ts';

// A service of its own, for elsewhere nobody is the last: the other tests make administrators all the time.
const url = await createDatabase();
await migrate(url);
const dialect = new PostgresDialect({ pool: new pg.Pool({ connectionString: url }) });
const service: Db = new Kysely<DB>({ dialect, plugins: [new CamelCasePlugin()] });

afterAll(async () => {
	await service.destroy();
	await dropDatabase(url);
});
beforeEach(() => service.deleteFrom('user').execute());

type Standing = { sysAdmin?: boolean; suspendedAt?: Date; deactivatedAt?: Date; emailVerifiedAt?: Date | null };

async function make(standing: Standing = {}): Promise<string> {
	const row = { email: `${randomUUID()}@example.com`, emailVerifiedAt: new Date(), ...standing };
	return (await service.insertInto('user').values(row).returning('id').executeTakeFirstOrThrow()).id;
}

const keep = (tx: Db, actorId: string, userId: string) =>
	keepOperator(tx, { user: { id: actorId } } as SignedIn, userId);

test.for<[string, Standing]>([
	['is suspended', { suspendedAt: new Date() }],
	['has left', { deactivatedAt: new Date() }],
	['never came', { emailVerifiedAt: null }],
	['is no administrator', { sysAdmin: false }]
])('beside an administrator who %s one is the last, and stays', async ([, standing]) => {
	const last = await make({ sysAdmin: true });
	await make({ sysAdmin: true, ...standing });
	await expect(keep(service, last, last)).rejects.toMatchObject({ reason: 'conflict' });
});

test('of twenty who leave at once the last one stays', async () => {
	const ring = await Promise.all(Array.from({ length: 20 }, () => make({ sysAdmin: true })));
	const { won, lost } = await race(20, (index) =>
		service.transaction().execute(async (tx) => {
			await keep(tx, ring[index]!, ring[index]!);
			await deactivate(tx, ring[index]!);
		})
	);
	expect([won.length, lost.map(({ reason }) => reason)]).toEqual([19, ['conflict']]);
});

test('others come and go, also where nobody runs the service', async () => {
	const person = await make();
	await expect(keep(service, person, person)).resolves.toBeUndefined();
	await expect(keep(service, person, await make())).rejects.toMatchObject({ reason: 'forbidden' });
});
