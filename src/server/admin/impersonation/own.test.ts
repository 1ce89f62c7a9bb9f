import { expect, test } from 'vitest';
import { makeOrg, makeUser } from '../../../../tests/fixtures.ts';
import { accessTable } from '../../router.ts';

/** Where all that changes a way in, what one is told, or who holds a key of somebody's lies. */
const TOUCHY = /^(account|apiKeys|auth|oauth|password)\./;

/** Changes there that an operator may make for somebody, or that take a link or a secret, whoever brings it. */
const OPEN = [
	'account.confirmEmail',
	'account.restore',
	'account.undoEmail',
	'account.update',
	'auth.login',
	'auth.logout',
	'auth.resendVerification',
	'auth.signup',
	'auth.signupOrg',
	'auth.verifyEmail',
	'oauth.authorizeUrl',
	'oauth.oneTap',
	'oauth.oneTapNonce',
	'password.forgot',
	'password.reset'
];

const table = accessTable();
const closed = table.filter(({ own, proof, access }) => (own || proof) && access !== 'sys_admin');

test('every change of an account, its ways in and its keys is the person’s own, or open for a reason', () => {
	const changes = table.filter(({ path, type }) => type === 'mutation' && TOUCHY.test(path));
	expect(changes.filter((change) => !closed.includes(change)).map(({ path }) => path)).toEqual(OPEN);
});

test.for(closed)('$path is refused to who acts as somebody else, whatever they send', async ({ path }) => {
	const operator = await makeUser({ sysAdmin: true });
	const { slug, members } = await makeOrg('org_admin');
	await operator.api.admin.impersonate({ userId: members[0].id, reason: 'A ticket' });
	const call = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], operator.api) as (
		input: object
	) => Promise<unknown>;
	await expect(call({ org: slug })).rejects.toMatchObject({ reason: 'impersonating' });
});
