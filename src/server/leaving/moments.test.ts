import { describe, expect, test } from 'vitest';
import { departed, isThere, makeLeaver } from '../../../tests/departed.ts';
import { newBrowser, PASSWORD, race } from '../../../tests/fixtures.ts';
import { lastToken } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';
import { erase } from '../erasure/service.ts';

describe('at one moment', () => {
	test('of twenty deletions one deletes, and of twenty who take it back one does', async () => {
		const ada = await makeLeaver();
		const deleting = await race(20, () => ada.api.account.delete({ confirm: ada.email }));
		expect(deleting.won).toHaveLength(1);
		expect(deleting.lost.every(({ reason }) => reason === 'unauthenticated')).toBe(true);
		const token = await lastToken('restore', ada.email);
		const restoring = await race(20, () => newBrowser().api.account.restore({ token }));
		expect(restoring.won).toHaveLength(1);
		expect(restoring.lost.every(({ reason }) => reason === 'not_found')).toBe(true);
		const mails = await db.selectFrom('mail').where('to', '=', ada.email).select('template').execute();
		expect(mails.map(({ template }) => template).sort()).toEqual(['account_deleted', 'account_restored']);
	});

	test('a deletion and sign-ins leave nobody signed in to an account that is gone', async () => {
		const ada = await makeLeaver();
		await race<unknown>(20, (index) =>
			index === 7
				? ada.api.account.delete({ confirm: ada.email })
				: newBrowser().api.auth.login({ identifier: ada.email, password: PASSWORD })
		);
		const sessions = await db.selectFrom('session').where('userId', '=', ada.id).select('id').execute();
		expect(sessions).toEqual([]);
	});

	test('erasing and taking back end as one or the other', async () => {
		const ada = await makeLeaver();
		const token = await departed(ada);
		await db.updateTable('user').where('id', '=', ada.id).set({ eraseAfter: new Date() }).execute();
		const restoring = await race<unknown>(20, (index) =>
			index % 2 ? erase(ada.id) : newBrowser().api.account.restore({ token })
		);
		expect(restoring.lost.every(({ reason }) => reason === 'not_found')).toBe(true);
		const restored = restoring.won.filter((answer) => answer !== undefined);
		expect(restored).toHaveLength((await isThere(ada.id)) ? 1 : 0);
	});
});
