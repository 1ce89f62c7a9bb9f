import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newBrowser } from '../../tests/fixtures.ts';
import { db } from './db.ts';
import { settings } from './settings.ts';
import { adminProcedure, createCallerFactory, orgProcedure, publicProcedure, router } from './trpc.ts';

const createCaller = createCallerFactory(
	router({
		alone: publicProcedure.meta({ alone: true }).query(() => 'ok'),
		admin: adminProcedure.query(({ ctx }) => ctx.actor.user.id),
		entered: orgProcedure('org.read').query(async ({ ctx }) => {
			const { rows } = await sql<{ orgId: string }>`select current_org() as "orgId"`.execute(ctx.tx);
			return rows[0]!.orgId;
		}),
		queryThatWrites: orgProcedure('org.read').query(({ ctx }) => rename(ctx.tx, ctx.org.id)),
		write: orgProcedure('org.read').mutation(({ ctx }) => rename(ctx.tx, ctx.org.id)),
		writeThenFail: orgProcedure('org.read').mutation(async ({ ctx }) => {
			await rename(ctx.tx, ctx.org.id);
			throw new Error('changed its mind');
		})
	})
);

const rename = (tx: typeof db, id: string) =>
	tx.updateTable('org').where('id', '=', id).set({ name: 'Renamed' }).execute();
const nameOf = async (id: string) =>
	(await db.selectFrom('org').where('id', '=', id).select('name').executeTakeFirstOrThrow()).name;

const callAs = async ({ cookies, actor }: ReturnType<typeof newBrowser>, batched = false) =>
	createCaller({ actor: await actor(), cookies, settings, batched, count: () => Promise.resolve() });

describe('an org procedure', () => {
	test('enters its organization, and nothing outside it is entered', async () => {
		const {
			id,
			slug,
			members: [member]
		} = await makeOrg('member');
		expect(await (await callAs(member)).entered({ org: slug })).toBe(id);
		const { rows } = await sql<{ orgId: string | null }>`select current_org() as "orgId"`.execute(db);
		expect(rows).toEqual([{ orgId: null }]);
	});

	test('cannot write in a query', async () => {
		const {
			id,
			slug,
			members: [member]
		} = await makeOrg('member');
		await expect((await callAs(member)).queryThatWrites({ org: slug })).rejects.toMatchObject({
			cause: { code: '25006' }
		});
		expect(await nameOf(id)).toBe('Acme');
	});

	test('keeps all of a mutation, or nothing when it fails', async () => {
		const {
			id,
			slug,
			members: [member]
		} = await makeOrg('member');
		const caller = await callAs(member);
		await expect(caller.writeThenFail({ org: slug })).rejects.toThrow('changed its mind');
		expect(await nameOf(id)).toBe('Acme');
		await caller.write({ org: slug });
		expect(await nameOf(id)).toBe('Renamed');
	});
});

test('an admin procedure is for sys_admins alone', async () => {
	await expect((await callAs(newBrowser())).admin()).rejects.toMatchObject({ reason: 'unauthenticated' });
	await expect((await callAs(await makeUser())).admin()).rejects.toMatchObject({ reason: 'forbidden' });
	const {
		members: [orgAdmin]
	} = await makeOrg('org_admin');
	await expect((await callAs(orgAdmin)).admin()).rejects.toMatchObject({ reason: 'forbidden' });
	const admin = await makeUser({ sysAdmin: true });
	expect(await (await callAs(admin)).admin()).toBe(admin.id);
});

test('a procedure that must be alone refuses to share its request', async () => {
	const nobody = newBrowser();
	expect(await (await callAs(nobody)).alone()).toBe('ok');
	await expect((await callAs(nobody, true)).alone()).rejects.toMatchObject({ reason: 'invalid' });
});
