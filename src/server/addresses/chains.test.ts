import { describe, expect, test } from 'vitest';
import { newBrowser, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastToken } from '../../../tests/mailbox.ts';
import { asked, makePerson, moved } from '../../../tests/moving.ts';
import { db } from '../db.ts';

const NEW = 'velvet-anchor-38';
const { account: anyone } = newBrowser().api;
const addressOf = async (id: string) =>
	(await db.selectFrom('user').where('id', '=', id).select('email').executeTakeFirstOrThrow()).email;
const sessionsOf = (userId: string) => db.selectFrom('session').where('userId', '=', userId).select('id').execute();
const dead = (token: string, reason = 'not_found') =>
	expect(anyone.undoEmail({ token })).rejects.toMatchObject({ reason });

describe('of several changes within a day', () => {
	test('whoever had the account first leads it back, and the ways back of the others die', async () => {
		const person = await makePerson();
		const first = await moved(person, person.email);
		const second = await moved(person, first.email);
		const third = await asked(person, second.email);
		await anyone.undoEmail({ token: second.undo });
		expect(await addressOf(person.id)).toBe(first.email);
		await dead(third.undo);
		await expect(anyone.confirmEmail({ token: third.confirm })).rejects.toMatchObject({ reason: 'not_found' });
		await anyone.undoEmail({ token: first.undo });
		expect(await addressOf(person.id)).toBe(person.email);
		await dead(second.undoDone);
	});

	test('going back and forth overtakes nobody', async () => {
		const person = await makePerson();
		const { email, undoDone: toEmailBefore } = await moved(person, person.email);
		const back = await moved(person, email, person.email);
		const away = await moved(person, person.email);
		await anyone.undoEmail({ token: away.undo });
		expect(await addressOf(person.id)).toBe(person.email);
		await dead(back.undo);
		await dead(back.undoDone);
		await dead(toEmailBefore);
	});

	test('asking again and cancelling leave the first way back good', async () => {
		const person = await makePerson();
		const { undo } = await asked(person, person.email);
		await person.api.account.cancelEmailChange();
		const { email } = await moved(person, person.email);
		expect(await anyone.emailUndo({ token: undo })).toMatchObject({ email: person.email, present: email });
		await anyone.undoEmail({ token: undo });
		expect(await addressOf(person.id)).toBe(person.email);
	});
});

describe('at the same moment', () => {
	test('one of twenty undoes', async () => {
		const person = await makePerson();
		const { undo: token } = await moved(person, person.email);
		const { won, lost } = await race(20, () => newBrowser().api.account.undoEmail({ token }));
		expect(won).toHaveLength(1);
		expect(lost.every(({ reason }) => reason === 'not_found')).toBe(true);
	});

	test('as it is confirmed, the old address stays, or comes back', async () => {
		for (let round = 0; round < 5; round++) {
			const person = await makePerson();
			const links = await asked(person, person.email);
			const { won, lost } = await race<object>(20, (index) =>
				index % 2 ? anyone.confirmEmail({ token: links.confirm }) : anyone.undoEmail({ token: links.undo })
			);
			expect(won.length).toBeLessThanOrEqual(2);
			expect(lost.every(({ reason }) => reason === 'not_found')).toBe(true);
			expect(await addressOf(person.id)).toBe(person.email);
			expect(await sessionsOf(person.id)).toEqual([]);
		}
	});

	test('as somebody signs in or changes the password, nobody stays, and no password', async () => {
		for (let round = 0; round < 3; round++) {
			const person = await makePerson();
			const { undo: token } = await asked(person, person.email);
			const { api } = newBrowser();
			await api.auth.login({ identifier: person.email, password: PASSWORD });
			const attempts = [
				() => anyone.undoEmail({ token }),
				() => newBrowser().api.auth.login({ identifier: person.email, password: PASSWORD }),
				() => api.password.update({ currentPassword: PASSWORD, newPassword: NEW })
			];
			await race<object>(20, (index) => attempts[index % 3]!());
			expect(await sessionsOf(person.id)).toEqual([]);
			const left = db.selectFrom('user').where('id', '=', person.id).select('passwordHash');
			expect(await left.execute()).toEqual([{ passwordHash: null }]);
		}
	});

	test('as the password is reset by a link, both go through or the link is dead', async () => {
		for (let round = 0; round < 5; round++) {
			const person = await makePerson();
			const { undo } = await asked(person, person.email);
			await newBrowser().api.password.forgot({ email: person.email });
			const token = await lastToken('reset', person.email);
			const { lost } = await race<object>(2, (index) =>
				index ? anyone.undoEmail({ token: undo }) : newBrowser().api.password.reset({ token, password: NEW })
			);
			expect(lost.every(({ reason }) => reason === 'not_found')).toBe(true);
			expect(await addressOf(person.id)).toBe(person.email);
		}
	});
});
