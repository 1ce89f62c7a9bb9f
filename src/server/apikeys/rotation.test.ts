import { describe, expect, test } from 'vitest';
import { logOf, race } from '../../../tests/fixtures.ts';
import { live, startAdmin } from '../../../tests/keys.ts';
import { lastMail } from '../../../tests/mailbox.ts';
import { db } from '../db.ts';

describe('rotating', () => {
	test('with grace leaves two secrets that work, however often, and mails without them', async () => {
		const { org, admin, make } = await startAdmin();
		const { id, key } = await make();
		const secrets = [key];
		for (let times = 0; times < 4; times++) {
			secrets.push((await admin.api.apiKeys.rotate({ org, id, graceMinutes: 1440 })).key);
		}
		const working = await Promise.all(secrets.map(async (secret) => (await live(org, secret)) === null));
		expect(working).toEqual([false, false, false, true, true]);
		const mail = await lastMail(admin.email, /another secret/);
		for (const secret of secrets) expect(mail.text).not.toContain(secret);
	});

	test('ends the old secret at once, or when its grace is over', async () => {
		const { id: orgId, org, admin, make } = await startAdmin();
		const { id, key } = await make();
		const second = await admin.api.apiKeys.rotate({ org, id, graceMinutes: 60 });
		expect(second).toMatchObject({ id });
		expect(await Promise.all([live(org, key), live(org, second.key)])).toEqual([null, null]);
		await db
			.updateTable('apiKeySecret')
			.where('expiresAt', 'is not', null)
			.where('keyId', '=', id)
			.set({ expiresAt: new Date() })
			.execute();
		expect(await Promise.all([live(org, key), live(org, second.key)])).toEqual(['unauthenticated', null]);
		const third = await admin.api.apiKeys.rotate({ org, id });
		expect(await Promise.all([live(org, second.key), live(org, third.key)])).toEqual(['unauthenticated', null]);
		expect((await logOf(orgId)).at(-1)).toMatchObject({ action: 'key.rotated', targetId: id });
	});

	test('without grace ends those in grace as well', async () => {
		const { org, admin, make } = await startAdmin();
		const { id, key } = await make();
		const second = await admin.api.apiKeys.rotate({ org, id, graceMinutes: 1440 });
		await admin.api.apiKeys.rotate({ org, id });
		expect(await Promise.all([live(org, key), live(org, second.key)])).toEqual(['unauthenticated', 'unauthenticated']);
	});

	test('twenty at once leaves one secret that works', async () => {
		const { org, admin, make } = await startAdmin();
		const { id } = await make();
		const { won, lost } = await race(20, () => admin.api.apiKeys.rotate({ org, id }));
		expect(lost).toEqual([]);
		const works = await Promise.all(won.map(async ({ key }) => (await live(org, key)) === null));
		expect(works.filter(Boolean)).toHaveLength(1);
	});

	test('gives at most a day', async () => {
		const { org, admin, make } = await startAdmin();
		const { id } = await make();
		for (const graceMinutes of [-1, 1441, 0.5]) {
			await expect(admin.api.apiKeys.rotate({ org, id, graceMinutes })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
		}
	});
});
