import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { enterAll, enterOrg, inOrg } from '#server/auth/access.ts';
import { db, transaction, type Db } from '#server/db.ts';
import { reserve } from '#server/spend/service.ts';
import { flushMeters } from '#server/usage/meter.ts';
import { noteUse } from '#server/usage/service.ts';
import { makeOrg, newEmail, newSlug } from './fixtures.ts';

/** Runs `work` where the rows of all organisations are seen. */
export const asSystem = <T>(work: (tx: Db) => Promise<T>) =>
	transaction(async (tx) => {
		await enterAll(tx);
		return work(tx);
	});

type Table = { name: string; walled: boolean };

/** Every table with rows of organisations, and whether the wall of row security is around it. */
export async function tenantTables(): Promise<Table[]> {
	const { rows } = await sql<Table>`
		select relname as name, relrowsecurity and relforcerowsecurity as walled
		from pg_class join pg_attribute on attrelid = pg_class.oid
		where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and attname = 'org_id'
		order by relname`.execute(db);
	return rows;
}

/** What an organisation's rows are, table by table, as a fingerprint. */
export async function sealOf(orgId: string): Promise<Record<string, string>> {
	await flushMeters();
	const tables = await tenantTables();
	return asSystem(async (tx) => {
		const seals: Record<string, string> = {};
		for (const { name } of [...tables, { name: 'org' }]) {
			const key = sql.ref(name === 'org' ? 'id' : 'orgId');
			const { rows } = await sql<{ seal: string }>`
				select count(*) || md5(string_agg(t::text, '' order by t::text)) as seal
				from ${sql.table(name)} t where ${key} = ${orgId}`.execute(tx);
			seals[name] = rows[0]!.seal;
		}
		return seals;
	});
}

/** A word that nobody else says, and the ids of what an organisation holds. */
export type Ids = {
	word: string;
	slug: string;
	adminId: string;
	memberId: string;
	memberEmail: string;
	invitationId: string;
	customerId: string;
	keyId: string;
};

/** The ids of nothing. */
export const nobody = (): Ids => ({
	word: newWord(),
	slug: newSlug(),
	adminId: randomUUID(),
	memberId: randomUUID(),
	memberEmail: newEmail(),
	invitationId: randomUUID(),
	customerId: randomUUID(),
	keyId: randomUUID()
});

const newWord = () => `canary${randomUUID().slice(0, 8)}`;

/** An organisation with something in each of its tables, and a word of its own in everything. */
export async function makeTenant() {
	const word = newWord();
	const { id, slug, members } = await makeOrg('org_admin', 'member');
	const [admin, member] = members;
	const { api } = admin;
	await api.orgs.update({ org: slug, name: `${word} Inc` });
	for (const person of members) await person.api.account.update({ firstName: word });
	const { id: invitationId } = await db
		.insertInto('invitation')
		.values({
			...{ orgId: id, email: `${word}@example.com`, role: 'member', invitedBy: admin.id, tokenHash: randomUUID() },
			expiresAt: new Date(Date.now() + 3_600_000)
		})
		.returning('id')
		.executeTakeFirstOrThrow();
	const { id: customerId } = await transaction(async (tx) => {
		await enterOrg(tx, id);
		const values = { orgId: id, name: `${word} Hopper`, email: `${word}@customers.example`, notes: `${word} calls.` };
		return tx.insertInto('customer').values(values).returning('id').executeTakeFirstOrThrow();
	});
	await api.settings.set({ org: slug, key: 'overageTokensPerMonth', value: 7 });
	const wanted = { purpose: 'assistant.summarize', model: 'offline', worst: { input: 1, output: 1 } };
	await inOrg(await admin.actor(), slug, 'org.read', 'read write', async (inside) => {
		await reserve(inside, wanted);
		await noteUse(inside, 'customers', 1);
	});
	const { id: keyId } = await api.apiKeys.create({ org: slug, name: `${word} key`, role: 'member' });
	const bearing = { orgId: id, keyId };
	await transaction(async (tx) => {
		await enterOrg(tx, id);
		await tx
			.insertInto('apiKeyUse')
			.values({ ...bearing, day: '2030-01-31', procedure: word, calls: 1 })
			.execute();
		await tx
			.insertInto('apiKeyCall')
			.values({ ...bearing, at: new Date(), procedure: word, ip: '192.0.2.1', outcome: 'ok' })
			.execute();
	});
	const people = { adminId: admin.id, memberId: member.id, memberEmail: member.email };
	return { id, word, slug, admin, ...people, invitationId, customerId, keyId };
}

type Sample = {
	/** An input that names something in an organisation by its id. */
	names?: (of: Ids) => object;
	/** Inputs that look for, or repeat, what stands in an organisation. */
	asks?: (of: Ids) => object[];
};

/** How each procedure of an organisation could reach for another's rows. */
export const SAMPLES: Record<string, Sample> = {
	'apiKeys.calls': { names: ({ keyId }) => ({ id: keyId }) },
	'apiKeys.create': { asks: ({ word }) => [{ name: `${word} key`, role: 'member' }] },
	'apiKeys.get': { names: ({ keyId }) => ({ id: keyId }) },
	'apiKeys.list': { asks: () => [{}, { limit: 1 }] },
	'apiKeys.revoke': { names: ({ keyId }) => ({ id: keyId }) },
	'apiKeys.rotate': { names: ({ keyId }) => ({ id: keyId }) },
	'apiKeys.update': { names: ({ keyId }) => ({ id: keyId, name: 'Ours' }) },
	'apiKeys.usage': { names: ({ keyId }) => ({ id: keyId }) },
	'assistant.summarize': { names: ({ customerId }) => ({ id: customerId }) },
	'audit.list': { asks: ({ adminId }) => [{}, { limit: 1 }, { actorId: adminId }, { action: 'org.updated' }] },
	'customers.create': { asks: ({ word }) => [{ name: `${word} Hopper`, email: `${word}@customers.example` }] },
	'customers.delete': { names: ({ customerId }) => ({ id: customerId }) },
	'customers.get': { names: ({ customerId }) => ({ id: customerId }) },
	'customers.list': {
		asks: ({ word }) => [{}, { limit: 1 }, { q: word }, { sort: 'name' }, { sort: 'email', direction: 'desc' }]
	},
	'customers.update': { names: ({ customerId }) => ({ id: customerId, name: 'Ada' }) },
	'invitations.create': { asks: ({ word }) => [{ email: `${word}@example.com`, role: 'member' }] },
	'invitations.createMany': {
		asks: ({ word, memberEmail }) => [{ emails: [`${word}@example.com`, memberEmail], role: 'readonly' }]
	},
	'invitations.list': { asks: () => [{}, { limit: 1 }] },
	'invitations.resend': { names: ({ invitationId }) => ({ id: invitationId }) },
	'invitations.revoke': { names: ({ invitationId }) => ({ id: invitationId }) },
	'members.leave': { asks: () => [{}] },
	'members.list': {
		asks: ({ word, memberEmail }) => [{}, { limit: 1 }, { q: word }, { q: memberEmail }, { role: 'org_admin' }]
	},
	'members.remove': { names: ({ memberId }) => ({ userId: memberId }) },
	'members.setRole': { names: ({ memberId }) => ({ userId: memberId, role: 'readonly' }) },
	'orgs.delete': { asks: ({ slug }) => [{ confirm: slug }] },
	'orgs.get': { asks: () => [{}] },
	'orgs.update': { asks: ({ word }) => [{ name: `${word} Inc` }] },
	'usage.history': { asks: () => [{}] },
	'usage.summary': { asks: () => [{}] },
	'usage.topUsers': { asks: () => [{}] }
};
