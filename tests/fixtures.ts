import { randomBytes, randomUUID } from 'node:crypto';
import type { Cookies, RequestEvent } from '@sveltejs/kit';
import type { OrgRole } from '#lib/roles.ts';
import { enterOrg } from '#server/auth/access.ts';
import { identify, type Actor } from '#server/auth/actor.ts';
import { hashPassword } from '#server/auth/password.ts';
import { startSession } from '#server/auth/queries.ts';
import { newSession, setSessionCookies } from '#server/auth/session.ts';
import { db, transaction } from '#server/db.ts';
import { createCaller } from '#server/router.ts';
import { settings, type Settings } from '#server/settings.ts';
import { newCounter } from '#server/usage/calls.ts';

/** A password that nobody minds. */
export const PASSWORD = 'wandering-teapot-92';

/** An address of its own for every test. */
export const newEmail = (name = 'person') => `${name}-${randomUUID()}@example.com`;

/** A slug of its own for every test. */
export const newSlug = () => `acme-${randomUUID().slice(0, 18)}`;

function newJar() {
	const values = new Map<string, string>();
	const jar = {
		get: (name: string) => values.get(name),
		getAll: () => [...values].map(([name, value]) => ({ name, value })),
		set: (name: string, value: string) => values.set(name, value),
		delete: (name: string) => values.delete(name)
	};
	return jar as unknown as Cookies & typeof jar;
}

/** What a deployment limits that says nothing about it; the tests' own limits nothing. */
export const LIMITS = { limits: { factor: 1, attempts: 5, windowMinutes: 15 } };

/** An IPv4 address of its own for every test about limits. */
export const newAddress = () => `10.${[...randomBytes(3)].join('.')}`;

type Api = ReturnType<typeof createCaller>;
type Me = Awaited<ReturnType<Api['auth']['me']>>;

/** Procedures as a person calls them, who holds no key. */
type PersonApi = Omit<Api, 'auth'> & {
	auth: Omit<Api['auth'], 'me'> & { me: () => Promise<Extract<Me, { user: object }>> };
};

/** A browser with cookies of its own that calls procedures in this process; `changed` settings are its deployment's. */
export function newBrowser(changed: Partial<Settings> = {}, address = '192.0.2.1', device = 'Vitest') {
	const cookies = newJar();
	const request = new Request('http://localhost', { headers: { 'user-agent': device } });
	const event = { cookies, request, locals: { requestId: 'test' }, getClientAddress: () => address };
	const actor = () => identify(event as unknown as RequestEvent);
	const deployed = { ...settings, ...changed };
	return { cookies, api: callerAs(actor, cookies, deployed) as unknown as PersonApi, actor };
}

/** Calls procedures in this process as whoever `actor` finds at each call. */
const callerAs = (actor: () => Promise<Actor>, cookies: Cookies, deployed: Settings) =>
	createCaller(async () => {
		const caller = await actor();
		const count = newCounter(caller, deployed.limits);
		return { actor: caller, cookies, settings: deployed, batched: false, count };
	});

/** A program with an API key that calls procedures in this process. */
export function newProgram(key: string, address = '192.0.2.1') {
	const cookies = newJar();
	const headers = { 'user-agent': 'Program', authorization: `Bearer ${key}` };
	const request = new Request('http://localhost', { headers });
	const event = { cookies, request, locals: { requestId: 'test' }, getClientAddress: () => address };
	const actor = () => identify(event as unknown as RequestEvent);
	return { cookies, api: callerAs(actor, cookies, settings), actor };
}

type Standing = { sysAdmin?: boolean; suspendedAt?: Date; password?: string; username?: string; provenAt?: Date };

/** A person with a proven address, signed in in a browser of their own; `changed` settings are its deployment's. */
export async function makeUser(
	{ password, provenAt, ...standing }: Standing = {},
	changed: Partial<Settings> = {},
	address?: string
) {
	const email = newEmail();
	const { id } = await db
		.insertInto('user')
		.values({
			email,
			emailVerifiedAt: new Date(),
			passwordHash: password ? await hashPassword(password) : null,
			...standing
		})
		.returning('id')
		.executeTakeFirstOrThrow();
	const browser = newBrowser(changed, address);
	const session = newSession({ userId: id, generation: 0 }, new Date(Date.now() + 3_600_000));
	const { id: sessionId, expiresAt } = session;
	const row = { id: sessionId, userId: id, remembered: false, ip: '', device: '', expiresAt };
	await startSession(db, row, { replaced: null, most: 5, idle: 0 });
	if (provenAt) await db.updateTable('session').where('id', '=', sessionId).set({ provenAt }).execute();
	setSessionCookies(browser.cookies, session);
	return { id, email, sessionId, ...browser };
}

/** An organisation of its own for every test, with one member per role asked for, on a tier that is in nobody's way. */
export async function makeOrg<const R extends OrgRole[]>(...roles: R) {
	const org = await db
		.insertInto('org')
		.values({ slug: randomUUID(), name: 'Acme', tier: 'enterprise' })
		.returning(['id', 'slug', 'name'])
		.executeTakeFirstOrThrow();
	const members: Awaited<ReturnType<typeof makeUser>>[] = [];
	for (const role of roles) {
		const user = await makeUser();
		await db.insertInto('membership').values({ orgId: org.id, userId: user.id, role }).execute();
		members.push(user);
	}
	return { ...org, members: members as { [I in keyof R]: (typeof members)[number] } };
}

type Person = Awaited<ReturnType<typeof makeUser>>;
type NewKey = Partial<Omit<Parameters<Person['api']['apiKeys']['create']>[0], 'org'>>;

/** A key of its own for every test, and a program that has it. */
export async function makeKey(maker: Person, org: string, bounds: NewKey = {}, address?: string) {
	const made = await maker.api.apiKeys.create({ org, name: 'Robot', role: 'member', ...bounds });
	return { ...made, ...newProgram(made.key, address) };
}

/** Puts an organisation on a tier, as it is now. */
export const setTier = (orgId: string, tier: string) =>
	db.updateTable('org').where('id', '=', orgId).set({ tier }).execute();

/** What the log of an organisation holds, oldest first, also when the organisation is gone. */
export const logOf = (orgId: string) =>
	transaction(async (tx) => {
		await enterOrg(tx, orgId);
		const entries = tx.selectFrom('auditLog').where('orgId', '=', orgId).orderBy('at').orderBy('id');
		return entries.select(['action', 'actorKind', 'actorId', 'targetId', 'target', 'details']).execute();
	});

/** Releases the same call many times at once and sorts what came of it. */
export async function race<T>(times: number, call: (index: number) => Promise<T>) {
	const outcomes = await Promise.allSettled(Array.from({ length: times }, (_, index) => call(index)));
	return {
		won: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
		lost: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as { reason?: string }] : []))
	};
}

/** A sign-up that waits for its click, and the browser that made it. */
export async function signedUp(
	email = newEmail(),
	more: { username?: string; firstName?: string; lastName?: string } = {}
) {
	const browser = newBrowser();
	await browser.api.auth.signup({ email, password: PASSWORD, ...more });
	return { ...browser, email };
}
