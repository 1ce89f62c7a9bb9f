import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { asSystem, makeTenant, sealOf, tenantTables } from '../../tests/tenants.ts';
import { enterOrg } from './auth/access.ts';
import { db, transaction, type Db } from './db.ts';

/** Tables that are asked which organisation it is, and so cannot stand behind its wall. */
const DECIDING = ['api_key', 'invitation', 'invitation_count', 'membership', 'org_slug', 'quota_use'];

const tables = await tenantTables();
const walled = tables.filter((table) => table.walled).map(({ name }) => name);

const inside = <T>(orgId: string, work: (tx: Db) => Promise<T>) =>
	transaction((tx) => enterOrg(tx, orgId).then(() => work(tx)));

/** The organisations whose rows a query sees that forgot to name one. */
const seen = async (tx: Db, table: string) => {
	const { rows } = await sql<{ orgId: string }>`select distinct org_id from ${sql.table(table)}`.execute(tx);
	return rows.map(({ orgId }) => orgId);
};

/** A row of an organisation as JSON, with a new id and another owner. */
async function copyOf(table: string, from: string, to: string): Promise<object> {
	const { rows } = await inside(from, (tx) =>
		sql<{ row: object }>`
			select to_jsonb(t) || jsonb_build_object('org_id', ${to}::text, 'id', gen_random_uuid()) as row
			from ${sql.table(table)} t limit 1`.execute(tx)
	);
	return rows[0]!.row;
}

async function insert(tx: Db, table: string, row: object) {
	const { rows } = await sql<{ names: string }>`
		select string_agg(quote_ident(attname), ', ') as names from pg_attribute
		where attrelid = ${table}::regclass and attnum > 0 and attgenerated = '' and not attisdropped`.execute(tx);
	const columns = sql.raw(rows[0]!.names);
	await sql`
		insert into ${sql.table(table)} (${columns})
		select ${columns} from jsonb_populate_record(null::${sql.table(table)}, ${JSON.stringify(row)})`.execute(tx);
}

test('every table with an organization’s data is behind the wall, but for those that decide the organization', () => {
	expect(walled).toContain('audit_log');
	expect(tables.filter((table) => !table.walled).map(({ name }) => name)).toEqual(DECIDING);
});

test('the serving role is bound by the wall', async () => {
	const { rows } = await sql`
		select rolsuper, rolbypassrls from pg_roles where rolname = current_user`.execute(db);
	expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }]);
});

test.for(walled)(
	'a query on %s that forgets its organization sees that of the call alone, or nothing',
	async (table) => {
		const [own, other] = [await makeTenant(), await makeTenant()];
		expect(await asSystem((tx) => seen(tx, table))).toEqual(expect.arrayContaining([own.id, other.id]));
		expect(await seen(db, table)).toEqual([]);
		expect(await inside(own.id, (tx) => seen(tx, table))).toEqual([own.id]);
		expect(await seen(db, table)).toEqual([]);
	}
);

test.for(walled)('a row of %s cannot be written for another organization', async (table) => {
	const [own, other] = [await makeTenant(), await makeTenant()];
	const seal = await sealOf(other.id);
	const refused = { code: '42501', message: `new row violates row-level security policy for table "${table}"` };
	const [mine, theirs] = [await copyOf(table, own.id, own.id), await copyOf(table, own.id, other.id)];
	await expect(inside(own.id, (tx) => insert(tx, table, theirs))).rejects.toMatchObject(refused);
	await expect(insert(db, table, theirs)).rejects.toMatchObject(refused);
	await expect(insert(db, table, mine)).rejects.toMatchObject(refused);
	// Inside, the wall lets it pass: only being there twice can be wrong with it.
	await inside(own.id, (tx) => insert(tx, table, mine)).catch((error: unknown) =>
		expect(error).toMatchObject({ code: '23505' })
	);
	expect(await sealOf(other.id)).toEqual(seal);
});

test.for(walled)('a change of %s that forgets its organization leaves another’s rows alone', async (table) => {
	const [own, other] = [await makeTenant(), await makeTenant()];
	const seal = await sealOf(other.id);
	const away = sql`update ${sql.table(table)} set org_id = ${other.id}`;
	await expect(inside(own.id, (tx) => away.execute(tx))).rejects.toMatchObject({ code: '42501' });
	// The audit log and the ledger refuse this one altogether.
	await inside(own.id, (tx) => sql`delete from ${sql.table(table)}`.execute(tx)).catch((error: unknown) =>
		expect(error).toMatchObject({ code: '42501', message: expect.stringMatching(/ is insert-only\.$/) as string })
	);
	await transaction((tx) => sql`delete from ${sql.table(table)}`.execute(tx)).catch(() => undefined);
	expect(await sealOf(other.id)).toEqual(seal);
});
