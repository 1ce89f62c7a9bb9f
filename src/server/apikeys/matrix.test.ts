import { expect, test } from 'vitest';
import { makeKey, makeOrg } from '../../../tests/fixtures.ts';
import { can, KEY_PERMISSIONS, type KeyPermission, type Permission } from '#lib/roles.ts';
import { accessTable } from '../router.ts';

const table = accessTable();

type Call = (input: object) => Promise<unknown>;

/** Why a key's call is refused; null where it was let in, whatever became of it then. */
async function refusal(api: object, path: string, input: object): Promise<string | null> {
	const call = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api) as Call;
	const { reason } = await call(input).then(
		() => ({ reason: null }),
		(error: { reason?: string }) => ({ reason: error.reason ?? null })
	);
	return reason === 'forbidden' || reason === 'unauthenticated' ? reason : null;
}

const isOpen = ({ path, access, people, proof }: (typeof table)[number]) =>
	path === 'auth.me' || (KEY_PERMISSIONS.includes(access as KeyPermission) && !people && !proof);

test('what a key may call, whoever made it', () => {
	expect(table.filter(isOpen).map(({ path, access }) => `${path} ${access}`)).toMatchInlineSnapshot(`
		[
		  "assistant.summarize customers.read",
		  "auth.me user",
		  "customers.create customers.write",
		  "customers.delete customers.write",
		  "customers.get customers.read",
		  "customers.list customers.read",
		  "customers.update customers.write",
		  "members.list members.read",
		  "orgs.get org.read",
		  "usage.history usage.read",
		  "usage.summary usage.read",
		]
	`);
});

test('no key is made or managed, nobody invited, no role given and no account touched by a key', () => {
	const never =
		/^(apiKeys|invitations|account|password|oauth|admin|todos|credits|settings)\.|^members\.(setRole|remove|leave)/;
	expect(table.filter((row) => isOpen(row) && never.test(row.path))).toEqual([]);
	expect(KEY_PERMISSIONS.filter((permission) => !can('member', permission))).toEqual([]);
});

test.for(table)('$path is open to keys that may call it, and to no other', async (row) => {
	const { slug: org, members } = await makeOrg('org_admin');
	const [admin] = members;
	const { path, access } = row;
	const all = await makeKey(admin, org);
	const none = await makeKey(admin, org, { permissions: [access === 'org.read' ? 'members.read' : 'org.read'] });
	const readonly = await makeKey(admin, org, { role: 'readonly' });
	const reads = path === 'auth.me' || (isOpen(row) && can('readonly', access as Permission));
	expect({
		all: await refusal(all.api, path, { org }),
		readonly: await refusal(readonly.api, path, { org }),
		none: await refusal(none.api, path, { org })
	}).toEqual({
		all: isOpen(row) ? null : 'forbidden',
		readonly: reads ? null : 'forbidden',
		none: path === 'auth.me' ? null : 'forbidden'
	});
});
