import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { whereIs } from '../../../tests/dump.ts';
import { makeKey, makeOrg, makeUser, newBrowser, newEmail, newProgram, PASSWORD } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, runJobs } from '../../../tests/mailbox.ts';
import { moved } from '../../../tests/moving.ts';
import { startOpenId } from '../../../tests/openid.ts';
import { deploy, visit } from '../../../tests/visits.ts';
import type { SignedIn } from '../auth/actor.ts';
import { findAvatar, setAvatar } from '../avatars/service.ts';
import { db } from '../db.ts';
import { settings } from '../settings.ts';
import { flushMeters } from '../usage/meter.ts';
import { erase } from './service.ts';

const google = await startOpenId('google');
deploy({ google: google.provider });

/** A word that stands nowhere else. */
const word = (of: string) => `${of}${randomBytes(6).toString('hex')}`;
const address = (network: string) =>
	`2001:db8:${network}::${randomBytes(2).toString('hex')}:${randomBytes(2).toString('hex')}`;

const newCanaries = () => ({
	email: `${word('mail')}@example.com`,
	formerEmail: `${word('former')}@example.com`,
	firstName: word('Ada'),
	lastName: word('Love'),
	username: word('name'),
	device: word('Browser'),
	ip: address('1'),
	declinedFrom: word('Phone'),
	robot: address('2'),
	todo: word('call'),
	org: word('Company'),
	formerOrg: word('Firm'),
	customer: word('Client'),
	subject: word('subject'),
	identityEmail: `${word('google')}@example.com`
});
type Canaries = ReturnType<typeof newCanaries>;

/** Signs somebody up who leaves a mark of each kind, at a first address. */
async function arrive(canaries: Canaries) {
	const { formerEmail: email, firstName, lastName, username } = canaries;
	const browser = newBrowser({}, canaries.ip, canaries.device);
	const person = { email, password: PASSWORD, firstName, lastName, username };
	await browser.api.auth.signupOrg({ ...person, organizationName: canaries.formerOrg });
	await browser.api.auth.verifyEmail({ token: await lastToken('verify', email) });
	await moved(browser, email, canaries.email);
	const { user, orgs } = await browser.api.auth.me();
	return { ...browser, id: user.id, org: orgs[0]!.slug };
}
type Person = Awaited<ReturnType<typeof arrive>>;

/** What somebody does for themselves. */
async function live(person: Person, canaries: Canaries): Promise<void> {
	const { api } = person;
	await api.todos.create({ title: `${canaries.todo} +1 555 0100` });
	await api.settings.set({ key: 'quotaWarnings', value: false });
	const noise = { width: 9, height: 9, channels: 3 } as const;
	const picture = await sharp(randomBytes(9 * 9 * 3), { raw: noise })
		.png()
		.toBuffer();
	await setAvatar((await person.actor()) as SignedIn, picture, settings);
	const { subject: sub, identityEmail: email } = canaries;
	await visit(person, 'google', { sub, email, email_verified: true }, { intent: 'link' });
	await visit(newBrowser({}, canaries.ip, canaries.device), 'google', {
		sub: word('x'),
		email: canaries.email,
		email_verified: true
	});
	await api.account.changeEmail({ email: newEmail(), password: PASSWORD });
	await newBrowser().api.password.forgot({ email: canaries.email });
	await newBrowser().api.auth.resendVerification({ email: canaries.email });
	const stranger = { email: canaries.email, password: PASSWORD, firstName: canaries.firstName };
	await newBrowser().api.auth.signup(stranger);
}

/** What somebody does in their own organisation, in which they are alone. */
async function found({ api, org }: Person, canaries: Canaries): Promise<void> {
	await api.orgs.update({ org, name: canaries.org });
	await api.customers.create({ org, name: canaries.customer, email: newEmail() });
	await api.invitations.create({ org, email: newEmail(), role: 'member' });
	const operator = await makeUser({ sysAdmin: true });
	await operator.api.credits.grant({ org, tokens: 5, reason: `For ${canaries.org}` });
}

/** What somebody does with others, and they with them. */
async function meet({ id, api }: Person, canaries: Canaries) {
	const { slug: org, id: orgId, members } = await makeOrg('org_admin', 'member');
	const [admin] = members;
	await db.insertInto('membership').values({ orgId, userId: id, role: 'org_admin' }).execute();
	await api.customers.create({ org, name: 'Acme', email: newEmail() });
	await api.invitations.create({ org, email: newEmail(), role: 'member' });
	const { key } = await makeKey({ api } as never, org, { allowedIps: [`${canaries.robot}/128`] });
	const robot = newProgram(key, canaries.robot);
	await robot.api.customers.create({ org, name: 'Robots', email: newEmail() });
	const rival = await makeUser({ password: PASSWORD });
	await rival.api.account.changeEmail({ email: canaries.email, password: PASSWORD });
	const other = await makeOrg('org_admin');
	await other.members[0].api.invitations.create({ org: other.slug, email: canaries.email, role: 'member' });
	const declining = newBrowser({}, canaries.ip, canaries.declinedFrom);
	await declining.api.invitations.decline({ token: await lastToken('invite', canaries.email) });
	await other.members[0].api.invitations.create({ org: other.slug, email: canaries.email, role: 'member' });
	return { org, admin };
}

/** The name of somebody's picture, and a piece of its bytes. */
async function pictureOf({ api }: Person): Promise<string[]> {
	const name = /[0-9a-f]{64}/.exec((await api.account.get()).avatarUrl!)![0];
	return [name, (await findAvatar(name)).toString('hex').slice(400, 460)];
}

/** Lets the days go by in which somebody could come back. */
const due = (id: string) =>
	db
		.updateTable('user')
		.where('id', '=', id)
		.set({ eraseAfter: new Date(Date.now() - 1000) })
		.execute();

test('of an erased person nothing is left in the whole database', async () => {
	const canaries = newCanaries();
	const person = await arrive(canaries);
	await live(person, canaries);
	await found(person, canaries);
	const { org, admin } = await meet(person, canaries);
	await flushMeters();
	const words = [...Object.values(canaries), ...(await pictureOf(person))];
	const before = await whereIs(words);
	for (const [canary, places] of Object.entries(before)) expect(places, canary).not.toEqual([]);
	const places = new Set(
		Object.values(before)
			.flat()
			.map((place) => place.slice(0, place.indexOf(': ')))
	);
	expect([...places]).toEqual(
		expect.arrayContaining(
			[
				...['user', 'account_event', 'api_key', 'api_key_call', 'audit_log', 'avatar', 'dev_mail', 'former_address'],
				...['identity', 'invitation', 'mail', 'org', 'session', 'sign_up', 'spend_ledger', 'todo', 'token'],
				...['admin_log', 'email_change', 'email_undo', 'oauth_flow', 'customer', 'customer_word']
			].map((table) => (table === 'user' ? 'public."user"' : `public.${table}`))
		)
	);

	await person.api.account.delete({ confirm: canaries.email });
	await lastMail(canaries.email, /is deleted$/);
	await due(person.id);
	await erase(person.id);
	const receipt = await lastMail(canaries.email, /is erased$/);
	expect(receipt.text).not.toContain(canaries.firstName);
	await runJobs();
	for (const [canary, found] of Object.entries(await whereIs(words))) expect(found, canary).toEqual([]);

	const { items } = await admin.api.audit.list({ org });
	expect(items.filter(({ actor }) => actor.id === person.id).map(({ actor }) => actor.name)).toContain(
		'Deleted person'
	);
	expect(items[0]).toMatchObject({ action: 'member.left', ip: null, device: null });

	const again = newBrowser();
	await again.api.auth.signup({ email: canaries.email, password: PASSWORD });
	await again.api.auth.verifyEmail({ token: await lastToken('verify', canaries.email) });
	const me = await again.api.auth.me();
	expect(me.user).toMatchObject({ email: canaries.email, firstName: null, username: null, avatarUrl: null });
	expect(me.user.id).not.toBe(person.id);
	expect(me.orgs).toHaveLength(1);
	expect((await again.api.todos.list()).items).toEqual([]);
	expect(await again.api.invitations.mine()).toEqual([]);
	expect((await again.api.account.activity()).items.map(({ action }) => action).sort()).toEqual([
		'account.created',
		'session.started'
	]);
});
