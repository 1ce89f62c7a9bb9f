import { afterAll, describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race } from '../../../../tests/fixtures.ts';
import { lastToken } from '../../../../tests/mailbox.ts';
import { forgetSettings, presentSettings } from '../../settings/system.ts';

const operator = await makeUser({ sysAdmin: true });

/** The one test file that hangs it up. */
const hang = (value: unknown) => operator.api.admin.settings.set({ key: 'banner', value });

afterAll(() => hang(''));

const logged = async () => {
	const { items } = await operator.api.admin.log.list({ actorId: operator.id, limit: 100 });
	type Change = { before: string; after: string };
	return items.map(({ action, target, details }) => ({ action, target: target?.name, details: details as Change }));
};

describe('the banner', () => {
	test('is told to everybody at once, and each change of it to the log', async () => {
		const { api } = newBrowser();
		expect(await api.auth.config()).toMatchObject({ banner: '' });
		expect(await hang('  Maintenance at <b>noon</b> ')).toEqual({ key: 'banner', value: 'Maintenance at <b>noon</b>' });
		expect(await api.auth.config()).toMatchObject({ banner: 'Maintenance at <b>noon</b>' });
		await hang('Maintenance at <b>noon</b>');
		await hang('');
		expect(await api.auth.config()).toMatchObject({ banner: '' });
		const change = { action: 'setting.changed', target: 'banner' };
		expect(await logged()).toEqual([
			{ ...change, details: { before: 'Maintenance at <b>noon</b>', after: '' } },
			{ ...change, details: { before: '', after: 'Maintenance at <b>noon</b>' } }
		]);
	});

	test('changed by twenty at once leaves a log without a gap', async () => {
		const { won } = await race(20, (n) => hang(`number ${n}`));
		expect(won).toHaveLength(20);
		const entries = (await logged()).slice(0, 20);
		const after = entries.map(({ details }) => details.after);
		const before = entries.map(({ details }) => details.before);
		expect(new Set(after).size).toBe(20);
		expect(before.filter((value) => !after.includes(value))).toEqual(['']);
	});

	test.for([['x'.repeat(201)], ['a\u202eb'], ['two\nlines'], ['\u200d'], [5], [null], [undefined], [{}]])(
		'cannot be %j',
		async ([value]) => {
			await expect(hang(value)).rejects.toMatchObject({ reason: 'invalid', fields: { value: [expect.any(String)] } });
		}
	);

	test('counts characters as a person does', async () => {
		expect(await hang('🦊'.repeat(200))).toMatchObject({ value: '🦊'.repeat(200) });
	});
});

test('what holds is asked for once, however many want to know', async () => {
	forgetSettings();
	const [first, second] = [presentSettings(), presentSettings()];
	expect(first).toBe(second);
	expect(await first).toMatchObject({ signup_open: true, ai_overage_enabled: expect.any(Boolean) as boolean });
});

test.for(['nothing', 'overageEnabled', '__proto__'])('there is no setting %s', async (key) => {
	const change = operator.api.admin.settings.set({ key, value: true });
	await expect(change).rejects.toMatchObject({ reason: 'invalid', fields: { key: [expect.any(String)] } });
});

describe('while sign-up is closed', () => {
	const closed = { isSignupOpen: () => Promise.resolve(false) };

	test('nobody signs up, whatever they send', async () => {
		const { api } = newBrowser(closed);
		const refusal = { reason: 'forbidden', message: expect.stringMatching(/^Nobody can create an account/) as string };
		await expect(api.auth.signup({ email: newEmail(), password: PASSWORD })).rejects.toMatchObject(refusal);
		await expect(api.auth.signup({} as never)).rejects.toMatchObject(refusal);
		const org = { email: newEmail(), password: PASSWORD, organizationName: 'Acme' };
		await expect(api.auth.signupOrg(org)).rejects.toMatchObject(refusal);
		expect(await api.auth.config()).toMatchObject({ mode: 'b2c', signupOpen: false });
	});

	test('invitations are accepted, and who signed up before may finish', async () => {
		const { slug: org, members } = await makeOrg('org_admin');
		const email = newEmail();
		await members[0].api.invitations.create({ org, email, role: 'member' });
		const invited = newBrowser(closed);
		const token = await lastToken('invite', email);
		await invited.api.invitations.acceptAsNew({ token, password: PASSWORD });
		expect((await invited.api.auth.me()).orgs).toMatchObject([{ slug: org }]);

		const early = newEmail();
		await newBrowser().api.auth.signup({ email: early, password: PASSWORD });
		const link = { token: await lastToken('verify', early), password: PASSWORD };
		expect(await newBrowser(closed).api.auth.verifyEmail(link)).toMatchObject({ status: 'verified' });
	});
});
