import { expect, test } from 'vitest';
import { can } from '#lib/roles.ts';
import { makeOrg, makeUser, newBrowser } from '../../tests/fixtures.ts';
import { db } from './db.ts';
import { accessTable } from './router.ts';
import type { Access } from './trpc.ts';

const table = accessTable();

type Api = ReturnType<typeof newBrowser>['api'];
type Call = (input: unknown) => Promise<unknown>;

/** What an access is refused with; that something is missing says so only where there is an organisation to find. */
const REFUSALS = new Set(['unauthenticated', 'forbidden', 'suspended']);
const refuses = (path: string, reason: string | null) =>
	REFUSALS.has(reason!) || (reason === 'not_found' && table.find((row) => row.path === path)?.access?.includes('.'));

/** Why a call is refused; null when it was let in, whatever became of it then. */
async function refusal(api: Api, path: string, input: unknown = {}): Promise<string | null> {
	const call = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api) as Call;
	const { reason } = await call(input).then(
		() => ({ reason: null }),
		(error: { reason?: string }) => ({ reason: error.reason ?? null })
	);
	return refuses(path, reason) ? reason : null;
}

async function makePeople() {
	const { slug, members } = await makeOrg('readonly', 'member', 'org_admin', 'org_admin');
	const [readonly, member, org_admin, suspended] = members;
	await db.updateTable('user').where('id', '=', suspended.id).set({ suspendedAt: new Date() }).execute();
	const {
		members: [neighbor]
	} = await makeOrg('org_admin');
	const sys_admin = await makeUser({ sysAdmin: true });
	return {
		org: slug,
		people: { anonymous: newBrowser(), suspended, neighbor, sys_admin, readonly, member, org_admin }
	};
}
type Who = keyof Awaited<ReturnType<typeof makePeople>>['people'];

/** Why `who` must be refused; null for those that an access names. */
function due(access: Access, who: Who): string | null {
	if (access === 'public') return null;
	if (who === 'anonymous') return 'unauthenticated';
	if (who === 'suspended') return 'suspended';
	if (access === 'user') return null;
	if (access === 'sys_admin') return who === 'sys_admin' ? null : 'forbidden';
	if (who === 'neighbor' || who === 'sys_admin') return 'not_found';
	return can(who, access) ? null : 'forbidden';
}

// The guard stands before the rest of the input is looked at, so the organisation is all that a call needs.
test.for(table)('$path is open to those that its access names, and to nobody else', async ({ path, access }) => {
	const { org, people } = await makePeople();
	const refusals: Record<string, string | null> = {};
	for (const [who, { api }] of Object.entries(people)) refusals[who] = await refusal(api, path, { org });
	const dues = Object.keys(people).map((who) => [who, due(access!, who as Who)]);
	expect(refusals).toEqual(Object.fromEntries(dues));
});

test('an organization closes to somebody who left on the very next call', async () => {
	const {
		id,
		slug,
		members: [member]
	} = await makeOrg('member');
	expect(await refusal(member.api, 'orgs.get', { org: slug })).toBeNull();
	await db.deleteFrom('membership').where('orgId', '=', id).execute();
	expect(await refusal(member.api, 'orgs.get', { org: slug })).toBe('not_found');
});

test('the service closes to an administrator who is one no more on the very next call', async () => {
	const { id, api } = await makeUser({ sysAdmin: true });
	expect(await refusal(api, 'admin.orgs.create')).toBeNull();
	await db.updateTable('user').where('id', '=', id).set({ sysAdmin: false }).execute();
	expect(await refusal(api, 'admin.orgs.create')).toBe('forbidden');
});
