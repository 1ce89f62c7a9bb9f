import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeOrg, newBrowser, newEmail, PASSWORD, race, signedUp } from '../../../tests/fixtures.ts';
import { lastMail, lastToken } from '../../../tests/mailbox.ts';
import { asked, makePerson, tokenIn } from '../../../tests/moving.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { agree, comeBack, deploy, leave, visit } from '../../../tests/visits.ts';
import { db } from '../db.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

const ownersOf = (email: string) => db.selectFrom('user').where('email', '=', email).select('id').execute();
const confirm = (token: string) => newBrowser().api.account.confirmEmail({ token });
const atGoogle = (email: string) => ({ sub: randomUUID(), email, email_verified: true });

/** Somebody whose change to an address waits, with its link. */
async function claimed(email: string) {
	const person = await makePerson();
	await person.api.account.changeEmail({ email, password: PASSWORD });
	return { ...person, token: await tokenIn(email, person.email, '/confirm-email/') };
}

describe('an address that two want', () => {
	test('goes to the first who confirms; the others are told, and keep theirs', async () => {
		const email = newEmail();
		const [first, second] = [await claimed(email), await claimed(email)];
		await confirm(first.token);
		await expect(confirm(second.token)).rejects.toMatchObject({ reason: 'conflict' });
		await expect(newBrowser().api.account.emailChange({ token: second.token })).rejects.toMatchObject({
			reason: 'conflict'
		});
		expect(await second.api.account.get()).toMatchObject({ email: second.email, pendingEmail: email });
		expect((await first.api.account.get()).email).toBe(email);
		await second.api.account.resendEmailChange();
		await lastMail(email, /Someone tried/);
		await expect(confirm(second.token)).rejects.toMatchObject({ reason: 'not_found' });
	});

	test('at the same moment, goes to one of twenty', async () => {
		const email = newEmail();
		const people = await Promise.all(Array.from({ length: 20 }, () => claimed(email)));
		const { won, lost } = await race(20, (index) => confirm(people[index]!.token));
		expect(won).toHaveLength(1);
		expect(lost.map(({ reason }) => reason)).toEqual(Array(19).fill('conflict'));
		expect(await ownersOf(email)).toHaveLength(1);
		const addresses = await Promise.all(people.map(async ({ api }) => (await api.account.get()).email));
		expect(addresses.filter((address) => address === email)).toHaveLength(1);
		const kept = people.filter((person, index) => addresses[index] === person.email);
		expect(kept).toHaveLength(19);
		const changed = await db
			.selectFrom('accountEvent')
			.where('action', '=', 'email.changed')
			.where(
				'userId',
				'in',
				people.map(({ id }) => id)
			)
			.select('id')
			.execute();
		expect(changed).toHaveLength(1);
	});

	test('is not had by the click of twenty on one link more than once', async () => {
		const person = await claimed(newEmail());
		const { won, lost } = await race(20, () => confirm(person.token));
		expect(won).toHaveLength(1);
		expect(lost.every(({ reason }) => reason === 'not_found')).toBe(true);
	});
});

describe('somebody’s change to an address that its owner proves', () => {
	test('by a provider, is dead, and the owner’s activity says so', async () => {
		const email = newEmail();
		const attacker = await claimed(email);
		const owner = newBrowser();
		expect(await visit(owner, 'google', atGoogle(email))).toBe('/orgs');
		await expect(confirm(attacker.token)).rejects.toMatchObject({ reason: 'conflict' });
		const { items } = await owner.api.account.activity();
		expect(items.map(({ action }) => action)).toContain('sign_up.discarded');
		await db.updateTable('user').where('email', '=', email).set({ email: newEmail() }).execute();
		await expect(confirm(attacker.token)).rejects.toMatchObject({ reason: 'conflict' });
		expect((await attacker.api.auth.me()).user.email).toBe(attacker.email);
	});

	test('by a sign-up, or an invitation, is dead', async () => {
		const signUp = newEmail();
		const claims = [await claimed(signUp)];
		const owner = await signedUp(signUp);
		await owner.api.auth.verifyEmail({ token: await lastToken('verify', signUp) });

		const { slug: org, members } = await makeOrg('org_admin');
		const invited = newEmail();
		claims.push(await claimed(invited));
		await members[0].api.invitations.create({ org, email: invited, role: 'member' });
		await newBrowser().api.invitations.acceptAsNew({ token: await lastToken('invite', invited), password: PASSWORD });

		for (const { token, email, id } of claims) {
			await expect(confirm(token)).rejects.toMatchObject({ reason: 'conflict' });
			expect(await ownersOf(email)).toEqual([{ id }]);
		}
	});

	test('at the same moment, leaves one account at the address, whatever came first', async () => {
		for (let round = 0; round < 5; round++) {
			const email = newEmail();
			const attackers = [await claimed(email), await claimed(email)];
			const squatter = await signedUp(email);
			const verify = await lastToken('verify', email);
			const owner = newBrowser();
			const back = await agree(await leave(owner, 'google'), atGoogle(email));
			const outcomes = await Promise.allSettled([
				...attackers.map(({ token }) => confirm(token)),
				squatter.api.auth.verifyEmail({ token: verify }),
				comeBack(owner, back)
			]);
			const reasons = outcomes.flatMap((outcome) =>
				outcome.status === 'rejected' ? [(outcome.reason as { reason?: string }).reason] : []
			);
			expect(
				reasons.every((reason) => reason === 'conflict' || reason === 'not_found'),
				reasons.join()
			).toBe(true);
			expect(await ownersOf(email)).toHaveLength(1);
		}
	});
});

test('two who swap their addresses by undoing do not hold each other up', async () => {
	for (let round = 0; round < 5; round++) {
		const [a, b] = [await makePerson(), await makePerson()];
		const [fromA, fromB] = [await asked(a, a.email), await asked(b, b.email)];
		await confirm(fromA.confirm);
		await confirm(fromB.confirm);
		await a.api.account.changeEmail({ email: b.email, password: PASSWORD });
		await b.api.account.changeEmail({ email: a.email, password: PASSWORD });
		const toB = await tokenIn(b.email, fromA.email, '/confirm-email/');
		const toA = await tokenIn(a.email, fromB.email, '/confirm-email/');
		const { lost } = await race<object>(4, (index) => {
			if (index < 2) return confirm([toB, toA][index]!);
			return newBrowser().api.account.undoEmail({ token: [fromA.undo, fromB.undo][index - 2]! });
		});
		expect(lost.every(({ reason }) => reason === 'conflict' || reason === 'not_found')).toBe(true);
	}
});
