import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { newBrowser, PASSWORD } from '../../../tests/fixtures.ts';
import { asked, makePerson, moved, type Person } from '../../../tests/moving.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, leave, visit } from '../../../tests/visits.ts';
import { db } from '../db.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

const NEW = 'velvet-anchor-38';
const atGoogle = () => ({ sub: randomUUID(), email: 'thief@example.com', email_verified: true });
const undo = (token: string) => newBrowser().api.account.undoEmail({ token });

/** Undoes a change while somebody is at something else, ten times over; each round has a person of its own. */
async function overtake(prepare: (thief: Person) => Promise<() => Promise<unknown>>) {
	const people: Person[] = [];
	for (let round = 0; round < 10; round++) {
		const person = await makePerson();
		const { undo: token } = await asked(person, person.email);
		const act = await prepare(person);
		await Promise.all([act().catch(() => undefined), undo(token)]);
		people.push(person);
	}
	return people.map(({ id }) => id);
}

const sessionsOf = (ids: string[]) => db.selectFrom('session').where('userId', 'in', ids).select('id').execute();

test('a password that is changed as the change is undone does not stay', async () => {
	const ids = await overtake((thief) =>
		Promise.resolve(() => thief.api.password.update({ currentPassword: PASSWORD, newPassword: NEW }))
	);
	const people = await db.selectFrom('user').where('id', 'in', ids).select(['email', 'passwordHash']).execute();
	for (const { email: identifier } of people) {
		const entering = newBrowser().api.auth.login({ identifier, password: NEW });
		await expect(entering).rejects.toMatchObject({ reason: 'invalid_credentials' });
	}
	expect(await sessionsOf(ids)).toEqual([]);
	expect(await db.selectFrom('token').where('userId', 'in', ids).select('hash').execute()).toHaveLength(10);
});

test('a provider that is connected as the change is undone does not stay', async () => {
	const ids = await overtake(async (thief) => {
		const back = await agree(await leave(thief, 'google', { intent: 'link' }), atGoogle());
		return () => comeBack(thief, back);
	});
	expect(await db.selectFrom('identity').where('userId', 'in', ids).select('subject').execute()).toEqual([]);
});

test('neither does one that waited for a click', async () => {
	const ids = await overtake(async (thief) => {
		const { email } = thief;
		await visit(thief, 'google', { ...atGoogle(), email });
		await thief.api.auth.login({ identifier: email, password: PASSWORD });
		expect(await thief.api.oauth.waiting()).toHaveLength(1);
		return () => thief.api.oauth.connectWaiting({ provider: 'google' });
	});
	expect(await db.selectFrom('identity').where('userId', 'in', ids).select('subject').execute()).toEqual([]);
});

test('nobody comes in by a connection that the undo takes away', async () => {
	const ids = await overtake(async (thief) => {
		const person = atGoogle();
		await visit(thief, 'google', person, { intent: 'link' });
		expect(await thief.api.account.connections()).toHaveLength(1);
		const browser = newBrowser();
		const back = await agree(await leave(browser, 'google'), person);
		return () => comeBack(browser, back);
	});
	expect(await sessionsOf(ids)).toEqual([]);
});

test('no kind of link is good for what another is for', async () => {
	const person = await makePerson();
	const links = await moved(person, person.email);
	const again = await asked(person, links.email);
	const { account, password, auth, invitations } = newBrowser().api;
	for (const token of [links.confirm, links.undo, links.undoDone, again.confirm, again.undo]) {
		const calls = [
			() => password.reset({ token, password: NEW }),
			() => auth.verifyEmail({ token, password: NEW }),
			() => invitations.acceptAsNew({ token, password: NEW }),
			() => (token === again.confirm ? account.undoEmail({ token }) : account.confirmEmail({ token }))
		];
		for (const call of calls) await expect(call()).rejects.toMatchObject({ reason: 'not_found' });
	}
	expect((await person.api.account.get()).email).toBe(links.email);
});
