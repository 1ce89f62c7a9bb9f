import { describe, expect, test } from 'vitest';
import { arrived } from '../../../tests/departed.ts';
import {
	LIMITS,
	makeKey,
	makeOrg,
	makeUser,
	newAddress,
	newBrowser,
	newEmail,
	PASSWORD,
	race
} from '../../../tests/fixtures.ts';
import { lastToken, mailTo, runJobs } from '../../../tests/mailbox.ts';
import { GET } from '../../routes/(app)/export/[token]/file/+server.ts';
import { db } from '../db.ts';
import { prune } from '../pruning/service.ts';
import { makeExport } from './service.ts';

type Person = Pick<Awaited<ReturnType<typeof makeUser>>, 'actor' | 'api'>;
type Copy = Record<string, Record<string, unknown>[]>;

/** Opens the file behind a link, as a browser would. */
async function open({ actor }: Person, token: string): Promise<Response> {
	const locals = { actor: await actor(), count: () => Promise.resolve() };
	return GET({ locals, params: { token } } as never);
}

const read = async (person: Person, token: string) => (await (await open(person, token)).json()) as Copy;

async function exported(person: Person & { email: string }): Promise<string> {
	await person.api.account.export();
	return lastToken('export', person.email);
}

const expire = (userId: string) =>
	db
		.updateTable('accountExport')
		.where('userId', '=', userId)
		.set({ expiresAt: new Date(Date.now() - 1000) })
		.execute();

describe('a copy of one’s data', () => {
	test('tells all that is held, and no secret', async () => {
		const ada = await arrived({ firstName: 'Ada', username: `e${Date.now()}` });
		await ada.api.todos.create({ title: 'Water the plants' });
		await ada.api.password.forgot({ email: ada.email });
		const { slug: org, id: orgId } = await makeOrg('org_admin');
		await db.insertInto('membership').values({ orgId, userId: ada.id, role: 'org_admin' }).execute();
		await makeKey(ada as never, org);
		await ada.api.invitations.create({ org, email: newEmail(), role: 'member' });
		const token = await exported(ada);
		const response = await open(ada, token);
		expect(response.headers.get('content-disposition')).toBe('attachment; filename="account.json"');
		expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
		const text = await response.text();
		const copy = JSON.parse(text) as Copy;
		expect(copy.user).toMatchObject([{ id: ada.id, email: ada.email, firstName: 'Ada', hasPassword: true }]);
		expect(copy.todo).toMatchObject([{ title: 'Water the plants', done: false }]);
		expect(copy.membership).toMatchObject([{ role: 'org_admin' }, { organization: 'Acme' }]);
		expect(copy.session).toMatchObject([{ ip: '192.0.2.1', device: 'Vitest' }]);
		for (const table of ['accountEvent', 'apiKey', 'auditLog', 'invitation', 'mail', 'token'])
			expect(copy[table], table).not.toEqual([]);

		const { passwordHash } = await db
			.selectFrom('user')
			.where('id', '=', ada.id)
			.select('passwordHash')
			.executeTakeFirstOrThrow();
		const hashes = await db.selectFrom('token').where('userId', '=', ada.id).select('hash').execute();
		const sessions = await db.selectFrom('session').where('userId', '=', ada.id).select('id').execute();
		const secrets = [passwordHash!, ...hashes.map(({ hash }) => hash), ...sessions.map(({ id }) => id)];
		for (const secret of secrets) expect(text).not.toContain(secret);
		expect(text).not.toContain('$argon2');
	});

	test('tells what an operator did for its person, and not from where', async () => {
		const operator = await makeUser({ sysAdmin: true });
		const { slug: org, members } = await makeOrg('org_admin');
		const [ada] = members;
		await ada.api.orgs.update({ org, name: 'Engines' });
		await operator.api.admin.impersonate({ userId: ada.id, reason: 'A ticket' });
		await operator.api.orgs.update({ org, name: 'Looms' });
		const { auditLog } = await read(ada, await exported(ada));
		const updates = auditLog!.filter(({ action }) => action === 'org.updated');
		expect(updates.map(({ ip, device }) => [ip, device]).sort()).toEqual([
			[null, null],
			['192.0.2.1', 'Vitest']
		]);
	});

	test('is read in pieces, each row of many tables once', async () => {
		const ada = await makeUser();
		const titles = Array.from({ length: 1501 }, (_, nth) => `${nth} ${'x'.repeat(800)}`);
		await db
			.insertInto('todo')
			.values(titles.map((title) => ({ userId: ada.id, title })))
			.execute();
		const copy = await read(ada, await exported(ada));
		expect(copy.todo!.map(({ title }) => title).sort()).toEqual(titles.sort());
		const pieces = db.selectFrom('accountExportPiece as piece').innerJoin('accountExport', 'id', 'exportId');
		const rows = await pieces.where('userId', '=', ada.id).select('sealed').execute();
		expect(rows.length).toBeGreaterThan(4);
		expect(Math.max(...rows.map(({ sealed }) => sealed.length))).toBeLessThan(300 * 1024);
		expect(rows.some(({ sealed }) => sealed.includes('xxxx'))).toBe(false);
	});

	test('opens for its person alone, however often, for a day', async () => {
		const [ada, eve] = [await makeUser(), await makeUser()];
		const token = await exported(ada);
		for (let time = 0; time < 2; time++) expect((await read(ada, token)).user).toMatchObject([{ id: ada.id }]);
		await expect(open(eve, token)).rejects.toMatchObject({ reason: 'not_found' });
		await expect(eve.api.account.exportLink({ token })).rejects.toMatchObject({ reason: 'not_found' });
		await expect(open(newBrowser(), token)).rejects.toMatchObject({ reason: 'unauthenticated' });
		const { expiresAt } = await ada.api.account.exportLink({ token });
		expect(expiresAt.getTime() - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
		expect(expiresAt.getTime() - Date.now()).toBeLessThan(24 * 3_600_000);
		await expire(ada.id);
		await expect(open(ada, token)).rejects.toMatchObject({ reason: 'expired' });
		expect(await ada.api.account.exportStatus()).toMatchObject({ status: 'expired' });
		await prune();
		const pieces = db.selectFrom('accountExportPiece as piece').innerJoin('accountExport', 'id', 'exportId');
		expect(await pieces.where('userId', '=', ada.id).select('position').execute()).toEqual([]);
		await expect(open(ada, token)).rejects.toMatchObject({ reason: 'expired' });
	});

	test('is made one at a time, of twenty asked for at once, and replaced by the next', async () => {
		const ada = await makeUser();
		const { won, lost } = await race(20, () => ada.api.account.export());
		expect(won).toHaveLength(1);
		expect(lost.every(({ reason }) => reason === 'conflict')).toBe(true);
		const first = await lastToken('export', ada.email);
		expect(await ada.api.account.exportStatus()).toMatchObject({ status: 'ready', progress: 100 });
		await ada.api.account.export();
		await expect(open(ada, first)).rejects.toMatchObject({ reason: 'not_found' });
		await runJobs();
		await expect.poll(async () => (await ada.api.account.exportStatus())?.status).toBe('ready');
	});

	test('made twenty times at once is mailed once', async () => {
		const ada = await makeUser();
		await ada.api.account.export();
		const { id } = await db
			.selectFrom('accountExport')
			.where('userId', '=', ada.id)
			.select('id')
			.executeTakeFirstOrThrow();
		await race(20, () => makeExport(id, false));
		await expect.poll(async () => (await mailTo(ada.email)).length).toBe(1);
		const copy = await read(ada, await lastToken('export', ada.email));
		expect(copy.user).toHaveLength(1);
	});

	test('may be asked for three times a day', async () => {
		const ada = await makeUser({ password: PASSWORD }, LIMITS, newAddress());
		for (let nth = 0; nth < 3; nth++) await exported(ada);
		await expect(ada.api.account.export()).rejects.toMatchObject({ reason: 'rate_limited' });
	});

	test('goes with the account', async () => {
		const ada = await makeUser({ password: PASSWORD });
		const token = await exported(ada);
		await ada.api.account.delete({ confirm: ada.email });
		await newBrowser().api.account.restore({ token: await lastToken('restore', ada.email) });
		const back = newBrowser();
		await back.api.auth.login({ identifier: ada.email, password: PASSWORD });
		await expect(open(back, token)).rejects.toMatchObject({ reason: 'not_found' });
		expect(await back.api.account.exportStatus()).toBeNull();
	});
});
