import { expect, test } from 'vitest';
import { newBrowser, newEmail, PASSWORD, signedUp } from '../../tests/fixtures.ts';
import { lastToken } from '../../tests/mailbox.ts';
import { orgName, personName } from './fields.ts';
import { instant } from './pages.ts';

test('a text that is too long is not looked at any further', () => {
	const { error } = orgName.safeParse('a'.repeat(64_000));
	expect(error?.issues.map(({ message }) => message)).toEqual(['Use at most 80 characters.']);
});

test('a name is one that can be seen', () => {
	for (const name of ['\u3164', '\u2800', '\u200d']) expect(personName.safeParse(name).success).toBe(false);
	expect(personName.parse(' ')).toBeNull();
});

test('an organization that is named after a person has a name', async () => {
	const { api, email } = await signedUp(newEmail(), { firstName: '.@.' });
	await api.auth.verifyEmail({ token: await lastToken('verify', email) });
	expect(await api.orgs.list()).toMatchObject([{ name: 'My organization' }]);
});

test.for(['0000-12-31T00:00:00Z', '0000-01-01T00:00:00Z'])('there is no %s', (moment) => {
	expect(instant.safeParse(moment).success).toBe(false);
});

test.for(['0001-01-01T00:00:00Z', '1850-01-01T00:00:00Z', '9999-12-31T23:59:59Z'])(
	'there was, or will be, %s',
	(moment) => {
		expect(instant.parse(moment)).toEqual(new Date(moment));
	}
);

test('an organization with such a name is refused at sign-up, in words', async () => {
	const signUp = { email: newEmail(), password: PASSWORD, organizationName: 'a'.repeat(60_000) };
	await expect(newBrowser().api.auth.signupOrg(signUp)).rejects.toThrow(/at most 80 characters/);
});
