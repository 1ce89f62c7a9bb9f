import { expect, test } from 'vitest';
import { makeOrg, makeUser, newBrowser, newEmail, PASSWORD } from '../../../../tests/fixtures.ts';
import { lastToken } from '../../../../tests/mailbox.ts';
import { flushMeters } from '../../usage/meter.ts';

const { api } = await makeUser({ sysAdmin: true });

const today = async () => (await api.admin.figures({ days: 1 })).days.at(-1)!;

test('there is a row of every day, one without anything included', async () => {
	const { days } = await api.admin.figures({ days: 90 });
	expect(days).toHaveLength(90);
	expect(days.at(-1)!.day).toBe(new Date().toISOString().slice(0, 10));
	expect(new Set(days.map(({ day }) => day)).size).toBe(90);
	expect(days[0]).toMatchObject({ signUps: 0, signIns: 0, failures: 0, activePeople: 0, activeOrgs: 0 });
	expect((await api.admin.figures()).days).toHaveLength(30);
});

// Other tests sign in at the same time: what happens here is the least that is counted.
test('what people do is counted on its day', async () => {
	const before = await today();
	const email = newEmail();
	const browser = newBrowser();
	await browser.api.auth.signup({ email, password: PASSWORD });
	await browser.api.auth.verifyEmail({ token: await lastToken('verify', email) });
	for (const password of ['not-the-password', 'nor-this-one-either']) {
		await newBrowser()
			.api.auth.login({ identifier: email, password })
			.catch(() => undefined);
	}
	const { slug: org, members } = await makeOrg('member');
	await members[0].api.customers.list({ org });
	await flushMeters();
	const after = await today();
	expect(after.signUps).toBeGreaterThanOrEqual(before.signUps + 1);
	expect(after.signIns).toBeGreaterThanOrEqual(before.signIns + 1);
	expect(after.failures).toBeGreaterThanOrEqual(before.failures + 2);
	expect(after.activePeople).toBeGreaterThanOrEqual(before.activePeople + 2);
	expect(after.activeOrgs).toBeGreaterThanOrEqual(before.activeOrgs + 1);
});

test.for([0, 91, 1.5, -1, '7', null])('%j days are not to be had', async (days) => {
	await expect(api.admin.figures({ days } as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
});
