import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { arrived, departed, isThere, letTimePass } from '../../../tests/departed.ts';
import { logOf, makeOrg, makeUser, newBrowser, newEmail, PASSWORD, race, signedUp } from '../../../tests/fixtures.ts';
import { lastMail, lastToken, mailTo } from '../../../tests/mailbox.ts';
import { moved } from '../../../tests/moving.ts';
import { asSystem } from '../../../tests/tenants.ts';
import { seal, signatures } from '../crypto.ts';
import { db } from '../db.ts';
import { insertErasure } from './queries.ts';
import { erase, eraseDue } from './service.ts';

type Leaver = Parameters<typeof departed>[0];

const orgOf = ({ org }: { org: string }) =>
	db.selectFrom('org').where('slug', '=', org).select('id').executeTakeFirstOrThrow();

/** From which devices the logs say that somebody did something. */
const devicesOf = (actorId: string) =>
	asSystem(async (tx) => {
		const rows = await tx.selectFrom('auditLog').where('actorId', '=', actorId).select('device').distinct().execute();
		return rows.map(({ device }) => device);
	});

async function leave(person: Leaver): Promise<void> {
	await departed(person);
	await letTimePass(person.id);
}

describe('erasing', () => {
	test('waits until the days are over', async () => {
		const ada = await arrived();
		await departed(ada);
		await erase(ada.id);
		expect(await isThere(ada.id)).toBe(true);
		const bob = await arrived();
		await erase(bob.id);
		expect(await isThere(bob.id)).toBe(true);
	});

	test('is done by the clock, once, with one receipt', async () => {
		const ada = await arrived();
		await leave(ada);
		const { lost } = await race(20, (index) => (index % 2 ? eraseDue() : erase(ada.id)));
		expect(lost).toEqual([]);
		expect(await isThere(ada.id)).toBe(false);
		await lastMail(ada.email, /is erased$/);
		expect((await mailTo(ada.email)).map(({ subject }) => subject)).toEqual([expect.stringMatching(/is erased$/)]);
		const proof = await db.selectFrom('erasure').where('userId', '=', ada.id).selectAll().execute();
		expect(proof).toMatchObject([{ finishedAt: expect.any(Date) as Date, sealedTraces: null }]);
	});

	test('goes on where a crash cut it off', async () => {
		const ada = await arrived();
		const traces = { id: ada.id, emails: [ada.email], untils: ['infinity'], names: [], orgs: [], keys: [] };
		await insertErasure(db, ada.id, seal('erasure', JSON.stringify(traces)));
		await race(20, eraseDue);
		await lastMail(ada.email, /is erased$/);
		const entry = (await logOf((await orgOf(ada)).id)).find(({ actorId }) => actorId === ada.id)!;
		expect(entry.action).toBe('org.created');
		expect(await devicesOf(ada.id)).toEqual([null]);
	});

	test('that was cut off takes nothing of whoever has the address since', async () => {
		const email = newEmail();
		const { slug: org, id: orgId, members } = await makeOrg('org_admin');
		await members[0].api.invitations.create({ org, email, role: 'member' });
		const targets = async () => (await logOf(orgId)).map(({ target }) => target);
		const traces = { emails: [email], untils: ['infinity'], names: [], orgs: [], keys: [] };
		const [early, late] = [randomUUID(), randomUUID()];
		const sealedTraces = seal('erasure', JSON.stringify({ id: early, ...traces }));
		const begunAt = new Date(Date.now() - 60_000);
		await db.insertInto('erasure').values({ userId: early, sealedTraces, begunAt }).execute();
		await erase(early);
		expect(await targets()).toContain(email);
		await insertErasure(db, late, seal('erasure', JSON.stringify({ id: late, ...traces })));
		await erase(late);
		expect(await targets()).not.toContain(email);
	});

	test('takes what the changes of an address themselves wrote to it', async () => {
		const ada = await makeUser({ password: PASSWORD });
		const emails = [ada.email];
		for (let n = 0; n < 8; n++) {
			await moved(ada, emails.at(-1)!, newEmail());
			emails.push((await ada.api.account.get()).email);
		}
		await leave({ ...ada, email: emails.at(-1)! });
		await erase(ada.id);
		await lastMail(emails.at(-1)!, /is erased$/);
		const left = db.selectFrom('mail').where('to', 'in', emails).select(['to', 'template']);
		expect(await left.execute()).toEqual([]);
	});

	test('takes nothing of whoever has a former address since', async () => {
		const ada = await makeUser({ password: PASSWORD });
		await moved(ada, ada.email, newEmail());
		const heir = await signedUp(ada.email);
		await heir.api.auth.verifyEmail({ token: await lastToken('verify', ada.email) });
		const { email } = await ada.api.account.get();
		await leave({ ...ada, email });
		const stateHash = randomUUID();
		await db
			.insertInto('oauthFlow')
			.values({
				...{ stateHash, email: ada.email, provider: 'google', intent: 'sign_in', redirectTo: '/' },
				...{ browserHash: '', verifier: '', nonce: '' }
			})
			.execute();
		await erase(ada.id);
		const flow = db.selectFrom('oauthFlow').where('stateHash', '=', stateHash).select('email');
		expect(await flow.execute()).toEqual([{ email: ada.email }]);
		expect(await mailTo(ada.email)).toEqual([
			expect.objectContaining({ subject: expect.stringMatching(/^Verify/) as string })
		]);
		expect((await heir.api.auth.me()).user.email).toBe(ada.email);
	});

	test('meets a sign-up with the address at the same moment without harm', async () => {
		const ada = await arrived();
		await leave(ada);
		const { lost } = await race<unknown>(20, (index) =>
			index === 9 ? erase(ada.id) : newBrowser().api.auth.signup({ email: ada.email, password: PASSWORD })
		);
		expect(lost).toEqual([]);
		const again = await signedUp(ada.email);
		await again.api.auth.verifyEmail({ token: await lastToken('verify', ada.email) });
		expect((await again.api.auth.me()).user.id).not.toBe(ada.id);
	});
});

describe('the username of an erased person', () => {
	const newName = () => `k${Math.random().toString(36).slice(2, 14)}`;
	const people = (most: number) => Promise.all(Array.from({ length: most }, () => makeUser()));
	const pass = (username: string) =>
		db
			.updateTable('keptName')
			.where('hash', 'in', signatures('username', username))
			.set({ until: new Date(Date.now() - 1000) })
			.execute();

	test('stays taken for 90 days, and is then free', async () => {
		const username = newName();
		const ada = await arrived({ username });
		await leave(ada);
		await erase(ada.id);
		const bob = await makeUser();
		const taken = { reason: 'conflict', fields: { username: [expect.stringMatching(/is taken/) as string] } };
		await expect(bob.api.account.update({ username })).rejects.toMatchObject(taken);
		const eve = await signedUp(newEmail(), { username });
		const { usernameTaken } = await eve.api.auth.verifyEmail({ token: await lastToken('verify', eve.email) });
		expect(usernameTaken).toBe(true);
		expect((await eve.api.auth.me()).user.username).toBeNull();
		const { rows } = await sql<{ days: number }>`
			select extract(day from until - now())::int as days from kept_name
			where hash = any(${signatures('username', username)}::text[])`.execute(db);
		expect(rows).toEqual([{ days: 89 }]);
		await pass(username);
		expect(await bob.api.account.update({ username })).toMatchObject({ username });
	});

	test('is nobody’s of twenty who want it at the moment of erasing', async () => {
		const username = newName();
		const ada = await arrived({ username });
		await leave(ada);
		const others = await people(20);
		const { won, lost } = await race<unknown>(21, (index) =>
			index === 10 ? erase(ada.id) : others[index % 20]!.api.account.update({ username })
		);
		expect(won).toEqual([undefined]);
		expect(lost.every(({ reason }) => reason === 'conflict')).toBe(true);
	});
});

test('a password that is right says nothing to whoever comes after the erasure', async () => {
	const ada = await makeUser({ password: PASSWORD });
	await leave(ada);
	await erase(ada.id);
	const late = newBrowser().api.auth.login({ identifier: ada.email, password: PASSWORD });
	await expect(late).rejects.toMatchObject({ reason: 'invalid_credentials' });
});
