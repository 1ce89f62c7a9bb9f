import { describe, expect, test } from 'vitest';
import { makeOrg, makeUser, newBrowser } from '../../../tests/fixtures.ts';
import { enterOrg } from '../auth/access.ts';
import { db, transaction } from '../db.ts';
import { readFilter } from './filter.ts';
import type { EntryFilter } from './queries.ts';
import { exportEntries } from './service.ts';

type Person = ReturnType<typeof newBrowser>;

const piecesOf = async (person: Person, slug: string, filter: EntryFilter = {}) =>
	exportEntries(await person.actor(), slug, filter);
const linesOf = async (person: Person, slug: string, filter?: EntryFilter) =>
	(await Array.fromAsync(await piecesOf(person, slug, filter))).join('').split('\r\n');

const write = (orgId: string, names: string[]) =>
	transaction(async (tx) => {
		await enterOrg(tx, orgId);
		const rows = names.map((target) => ({
			...{ orgId, target, action: 'customer.created' as const, actorKind: 'system' as const, requestId: 'test' }
		}));
		await tx.insertInto('auditLog').values(rows).execute();
	});

describe('the export', () => {
	test('tells the log in sentences, safe to open in a spreadsheet', async () => {
		const {
			id,
			slug,
			members: [admin]
		} = await makeOrg('org_admin');
		await write(id, ['=1+1', 'Hopper, "Grace"']);
		const [head, ...lines] = await linesOf(admin, slug);
		expect(head).toBe('Time,What,Action,Actor,Actor id,Target,Target id,IP address,Device,Details,Support,Support id');
		expect(lines).toHaveLength(3);
		expect(lines.at(-1)).toBe('');
		expect(lines.join()).toMatch(/Z,System added the customer =1\+1\.,customer\.created,System,,'=1\+1,,,,\{\}/);
		expect(lines.join()).toContain('"System added the customer Hopper, ""Grace""."');
		expect(lines.join()).toContain(',"Hopper, ""Grace""",');
	});

	test('holds every entry once, however many there are, and only those asked for', async () => {
		const {
			id,
			slug,
			members: [admin]
		} = await makeOrg('org_admin');
		const names = Array.from({ length: 2500 }, (_, n) => `Customer ${n}`);
		await write(id, names);
		const lines = (await linesOf(admin, slug)).slice(1, -1);
		expect(lines.map((line) => line.split(',')[5]).sort()).toEqual([...names].sort());
		expect(await linesOf(admin, slug, { action: 'org.updated' })).toHaveLength(2);
	});

	test('is refused before its first line to all but admins of the organization', async () => {
		const { slug, members } = await makeOrg('readonly', 'member');
		const [reader, member] = members;
		const {
			members: [neighbor]
		} = await makeOrg('org_admin');
		const reasonFor = async (person: Person) =>
			(await piecesOf(person, slug)).next().catch(({ reason }: { reason: string }) => reason);
		for (const person of [reader, member]) expect(await reasonFor(person)).toBe('forbidden');
		for (const person of [neighbor, await makeUser({ sysAdmin: true })])
			expect(await reasonFor(person)).toBe('not_found');
		expect(await reasonFor(newBrowser())).toBe('unauthenticated');
		expect(await reasonFor(await makeUser({ suspendedAt: new Date() }))).toBe('suspended');
	});

	test('ends where the right to read it ends', async () => {
		const {
			id,
			slug,
			members: [admin]
		} = await makeOrg('org_admin', 'org_admin');
		await write(id, Array<string>(1500).fill('Somebody'));
		const pieces = await piecesOf(admin, slug);
		expect((await pieces.next()).value?.split('\r\n')).toHaveLength(1002);
		await db.deleteFrom('membership').where('orgId', '=', id).where('userId', '=', admin.id).execute();
		await expect(pieces.next()).rejects.toMatchObject({ reason: 'not_found' });
	});
});

describe('the filter in an address', () => {
	test('reads what is there, and an empty field as none', () => {
		expect(readFilter(new URLSearchParams('action=org.updated&from=2030-01-01T00:00:00Z&to=&page=2'))).toEqual({
			action: 'org.updated',
			from: new Date('2030-01-01T00:00:00Z')
		});
	});

	test.for(['actorId=otto', 'from=yesterday', 'to=2030-01-01', `action=${'x'.repeat(61)}`, 'action=%00'])(
		'refuses %s in words',
		(params) => {
			const [name] = params.split('=');
			expect(() => readFilter(new URLSearchParams(params))).toThrow(`The filter is not usable: ${name}: `);
		}
	);
});

test('the export is part of a plan, and says which', async () => {
	const { api, actor } = await makeUser();
	const { slug } = await api.orgs.create({ name: 'Acme' });
	await expect(exportEntries(await actor(), slug, {}).next()).rejects.toMatchObject({
		reason: 'feature_disabled',
		message: 'Audit log export is part of the Pro plan. An admin of your organization can change its plan.'
	});
});
