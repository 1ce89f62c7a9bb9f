import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, PASSWORD, race } from '../../../../tests/fixtures.ts';
import { lastToken } from '../../../../tests/mailbox.ts';
import { csrfToken, isCsrfToken } from '../../auth/session.ts';
import { hashToken } from '../../crypto.ts';
import { db } from '../../db.ts';

const reason = 'A ticket of theirs';

/** An operator who acts as somebody in two browsers with the same cookies, and their own session in a third. */
async function acting() {
	const operator = await makeUser({ sysAdmin: true, password: PASSWORD });
	const person = await makeUser({ password: PASSWORD });
	const own = copyOf(operator);
	await operator.api.admin.impersonate({ userId: person.id, reason });
	return { operator, twin: copyOf(operator), own, person };
}

type Browser = ReturnType<typeof newBrowser>;

function copyOf({ cookies }: Pick<Browser, 'cookies'>, ...names: string[]): Browser {
	const browser = newBrowser();
	const copied = cookies.getAll().filter(({ name }) => names.length === 0 || names.includes(name));
	for (const { name, value } of copied) browser.cookies.set(name, value, { path: '/' });
	return browser;
}

type Cast = Awaited<ReturnType<typeof acting>>;

const setUser = (id: string, change: { suspendedAt?: Date; deactivatedAt?: Date; sysAdmin?: boolean }) =>
	db.updateTable('user').where('id', '=', id).set(change).execute();

const ENDS: Record<string, (cast: Cast) => Promise<unknown>> = {
	'the operator signs out elsewhere with their own session': ({ own }) => own.api.auth.logout(),
	'the operator signs out as they are': ({ operator }) => operator.api.auth.logout(),
	'the operator is suspended': ({ operator }) => setUser(operator.id, { suspendedAt: new Date() }),
	'the operator is an administrator no more': ({ operator }) => setUser(operator.id, { sysAdmin: false }),
	'the operator has left': ({ operator }) => setUser(operator.id, { deactivatedAt: new Date() }),
	'the operator is erased': ({ operator }) => db.deleteFrom('user').where('id', '=', operator.id).execute(),
	'the operator’s session is ended from another device': async ({ operator }) => {
		const { api } = newBrowser();
		await api.auth.login({ identifier: operator.email, password: PASSWORD });
		await api.account.revokeOtherSessions();
	},
	'the operator’s session is over': ({ operator }) =>
		db.updateTable('session').where('id', '=', operator.sessionId).set({ expiresAt: new Date() }).execute(),
	'the operator’s session gets a new id with a new password': ({ own }) =>
		own.api.password.update({ currentPassword: PASSWORD, newPassword: 'four-llamas-at-sea' }),
	'the operator resets their password': async ({ operator }) => {
		const { api } = newBrowser();
		await api.password.forgot({ email: operator.email });
		await api.password.reset({ token: await lastToken('reset', operator.email), password: 'four-llamas-at-sea' });
	},
	'the operator signs in anew where they are': ({ operator }) =>
		operator.api.auth.login({ identifier: operator.email, password: PASSWORD }),
	'the person is suspended': ({ person }) => setUser(person.id, { suspendedAt: new Date() }),
	'the person has left': ({ person }) => setUser(person.id, { deactivatedAt: new Date() }),
	'the person becomes an administrator': ({ person }) => setUser(person.id, { sysAdmin: true }),
	'the person signs out everywhere else': ({ person }) => person.api.account.revokeOtherSessions(),
	'half an hour is over': ({ person }) =>
		db
			.updateTable('session')
			.where('userId', '=', person.id)
			.where('impersonatorSessionId', 'is not', null)
			.set({ expiresAt: new Date() })
			.execute()
};

describe('it is over at once, in every browser, when', () => {
	test.for(Object.keys(ENDS))('%s', async (name) => {
		const cast = await acting();
		expect(await cast.twin.api.auth.me()).toMatchObject({ impersonator: { id: cast.operator.id } });
		const kept = copyOf(cast.operator);
		await ENDS[name]!(cast);
		for (const { api } of [cast.twin, kept]) {
			await expect(api.auth.me()).rejects.toMatchObject({ reason: 'unauthenticated' });
			await expect(api.todos.create({ title: 'Still here' })).rejects.toMatchObject({ reason: 'unauthenticated' });
			await expect(api.admin.stopImpersonating()).rejects.toMatchObject({ reason: 'unauthenticated' });
		}
	});
});

test.for(['operator', 'person'] as const)(
	'it stays over when the %s is let in again within the half hour',
	async (whom) => {
		const cast = await acting();
		const chief = (await makeUser({ sysAdmin: true })).api.admin.users;
		const { id: userId } = cast[whom];
		await chief.suspend({ userId, reason: 'A mistake' });
		await chief.activate({ userId });
		expect(await cast.own.api.auth.session()).not.toBeNull();
		expect(await cast.twin.api.auth.session()).toBeNull();
	}
);

test.for([
	['operator', false],
	['person', true]
] as const)('it stays over when the %s was no administrator, or was one, for a moment', async ([whom, value]) => {
	const cast = await acting();
	const chief = (await makeUser({ sysAdmin: true })).api.admin.users;
	const { id: userId } = cast[whom];
	await chief.setSysAdmin({ userId, value });
	await chief.setSysAdmin({ userId, value: !value });
	expect(await cast.twin.api.auth.session()).toBeNull();
});

describe('a stolen cookie', () => {
	test('of the lent session alone leads nobody to the operator’s', async () => {
		const { operator } = await acting();
		const thief = copyOf(operator, 'session_id');
		expect(await thief.api.admin.stopImpersonating()).toEqual({ status: 'signed_out' });
		expect(await thief.api.auth.session()).toBeNull();
	});

	test('of the way back alone opens nothing, as a session or beside another one', async () => {
		const { operator, person } = await acting();
		const sealed = operator.cookies.get('operator')!;
		const thief = newBrowser();
		thief.cookies.set('session_id', sealed, { path: '/' });
		expect(await thief.api.auth.session()).toBeNull();

		const other = await makeUser({ sysAdmin: true });
		await other.api.admin.impersonate({ userId: person.id, reason });
		other.cookies.set('operator', sealed, { path: '/' });
		expect(await other.api.admin.stopImpersonating()).toEqual({ status: 'signed_out' });
		expect(await other.api.auth.session()).toBeNull();
	});

	test('of both leads nowhere once it is over', async () => {
		const { operator, own } = await acting();
		const thief = copyOf(operator);
		await operator.api.admin.stopImpersonating();
		await expect(thief.api.admin.stopImpersonating()).rejects.toMatchObject({ reason: 'unauthenticated' });
		expect(await thief.api.auth.session()).toBeNull();
		expect(await own.api.auth.session()).not.toBeNull();
	});

	test.for(['', 'nonsense', 'A'.repeat(80)])('that is forged (%j) leads nowhere', async (forged) => {
		const { operator } = await acting();
		operator.cookies.set('operator', forged, { path: '/' });
		expect(await operator.api.admin.stopImpersonating()).toEqual({ status: 'signed_out' });
	});

	test('does not hold the operator’s own token in clear', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const { id: userId } = await makeUser();
		const token = operator.cookies.get('session_id')!;
		await operator.api.admin.impersonate({ userId, reason });
		expect(Buffer.from(operator.cookies.get('operator')!, 'base64url').includes(token)).toBe(false);
		expect(operator.cookies.getAll().some(({ value }) => value.includes(token))).toBe(false);
	});
});

test('the token against forgery is the lent session’s own, and after it that of the operator’s', async () => {
	const operator = await makeUser({ sysAdmin: true });
	const { id: userId } = await makeUser();
	const lent = await operator.api.admin.impersonate({ userId, reason });
	expect(isCsrfToken(operator.sessionId, lent.csrfToken)).toBe(false);
	expect(lent.csrfToken).toBe(csrfToken(hashToken(operator.cookies.get('session_id')!)));
	const back = await operator.api.admin.stopImpersonating();
	expect(back).toEqual({ status: 'stopped', csrfToken: csrfToken(operator.sessionId) });
});

test('of twenty who stop at once one does, and the operator is back', async () => {
	const { operator, own } = await acting();
	const { won, lost } = await race(20, () => copyOf(operator).api.admin.stopImpersonating());
	expect(won).toMatchObject([{ status: 'stopped' }]);
	expect(lost.every(({ reason }) => reason === 'unauthenticated')).toBe(true);
	expect(await own.api.auth.session()).not.toBeNull();
});

test('a sign-out at the same moment leaves no session behind', async () => {
	const operator = await makeUser({ sysAdmin: true });
	const person = await makeUser();
	const browsers = Array.from({ length: 20 }, () => copyOf(operator));
	await race<unknown>(20, (index) =>
		index === 10 ? operator.api.auth.logout() : browsers[index]!.api.admin.impersonate({ userId: person.id, reason })
	);
	for (const { api } of browsers) expect(await api.auth.session()).toBeNull();
	expect(await person.api.account.sessions()).toHaveLength(1);
});

test('acting as somebody keeps the operator’s own session from idling, and shows as no visit of theirs', async () => {
	const { operator, person } = await acting();
	const past = new Date(Date.now() - 600_000);
	await db.updateTable('session').where('id', '=', operator.sessionId).set({ lastSeenAt: past }).execute();
	await db.updateTable('session').where('userId', '=', person.id).set({ lastSeenAt: past }).execute();
	await operator.api.auth.me();
	const seen = await db.selectFrom('session').where('userId', 'in', [operator.id, person.id]).selectAll().execute();
	const isFresh = seen.map((row) => [row.id === person.sessionId, row.lastSeenAt.getTime() > past.getTime()]);
	expect(isFresh.toSorted()).toEqual([
		[false, true],
		[false, true],
		[true, false]
	]);
});
