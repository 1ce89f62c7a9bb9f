import { describe, expect, test } from 'vitest';
import { newOrg } from '../../../tests/customers.ts';
import { newEmail, race } from '../../../tests/fixtures.ts';

describe('one customer', () => {
	test('is added, read, changed and deleted, and each change is one row of the log', async () => {
		const { org, member, reader, log } = await newOrg();
		const { api } = member;
		const created = await api.customers.create({ org, name: '  Ada Lovelace ', email: ' ADA@Example.com ' });
		const { id } = created;
		const ada = { name: 'Ada Lovelace', email: 'ada@example.com', phone: null, notes: null };
		expect(created).toEqual({ id, ...ada, createdAt: expect.any(Date) as Date });
		expect(await reader.api.customers.get({ org, id })).toEqual(created);

		const notes = 'Writes\r\nprograms\tfor engines that are not built.  ';
		const change = { name: 'Augusta Ada King', phone: '+44 20 7946 0000', notes };
		const changed = { ...created, ...change, notes: 'Writes\nprograms\tfor engines that are not built.' };
		expect(await api.customers.update({ org, id, ...change })).toEqual(changed);
		expect(await api.customers.update({ org, id, ...change })).toEqual(changed);
		expect(await api.customers.update({ org, id })).toEqual(changed);
		expect(await api.customers.update({ org, id, notes: '' })).toEqual({ ...changed, notes: null });
		expect((await reader.api.customers.list({ org, q: 'king' })).items).toEqual([{ ...changed, notes: null }]);

		expect(await api.customers.delete({ org, id })).toEqual({ deleted: true });
		for (const gone of [
			() => api.customers.get({ org, id }),
			() => api.customers.update({ org, id, name: 'Ada' }),
			() => api.customers.delete({ org, id })
		]) {
			await expect(gone()).rejects.toMatchObject({ reason: 'not_found' });
		}
		const before = { name: 'Ada Lovelace', phone: null };
		const after = { name: 'Augusta Ada King', phone: '+44 20 7946 0000' };
		const of = { targetId: id, target: 'Augusta Ada King' };
		expect(await log()).toEqual([
			{ action: 'customer.created', targetId: id, target: 'Ada Lovelace', details: {} },
			{ action: 'customer.updated', ...of, details: { before, after, notes: 'changed' } },
			{ action: 'customer.updated', ...of, details: { notes: 'changed' } },
			{ action: 'customer.deleted', ...of, details: {} }
		]);
	});

	test('has an address that no other customer of the organization has', async () => {
		const { org, member } = await newOrg();
		const { api } = member;
		const email = newEmail();
		await api.customers.create({ org, name: 'One', email });
		const { id } = await api.customers.create({ org, name: 'Other', email: newEmail() });
		const conflict = { reason: 'conflict', fields: { email: [expect.any(String)] } };
		await expect(api.customers.create({ org, name: 'Two', email: email.toUpperCase() })).rejects.toMatchObject(
			conflict
		);
		await expect(api.customers.update({ org, id, email })).rejects.toMatchObject(conflict);
		expect((await api.customers.list({ org })).items.map(({ name }) => name)).toEqual(['One', 'Other']);
		const elsewhere = await newOrg();
		await elsewhere.member.api.customers.create({ org: elsewhere.org, name: 'One', email });
	});

	test('is added once by twenty at once', async () => {
		const { org, member, log } = await newOrg();
		const email = newEmail();
		const { won, lost } = await race(20, () => member.api.customers.create({ org, name: 'One', email }));
		expect([won.length, new Set(lost.map(({ reason }) => reason))]).toEqual([1, new Set(['conflict'])]);
		expect(await log()).toHaveLength(1);
	});

	test('is only looked at by those who read', async () => {
		const { org, member, reader } = await newOrg();
		const { id } = await member.api.customers.create({ org, name: 'One', email: newEmail() });
		for (const change of [
			() => reader.api.customers.create({ org, name: 'Two', email: newEmail() }),
			() => reader.api.customers.update({ org, id, name: 'Two' }),
			() => reader.api.customers.delete({ org, id })
		]) {
			await expect(change()).rejects.toMatchObject({ reason: 'forbidden' });
		}
		expect((await reader.api.customers.list({ org })).items).toMatchObject([{ id, name: 'One' }]);
	});

	test.for([
		{ name: '' },
		{ name: 'x'.repeat(201) },
		{ name: 'two\nlines' },
		{ email: 'ada' },
		{ email: null },
		{ phone: 'x'.repeat(51) },
		{ notes: 'x'.repeat(10_001) },
		{ notes: 'a\u0007b' },
		{ notes: 'a\0b' }
	])('refuses %j', async (wrong) => {
		const { org, member } = await newOrg();
		const input = { org, name: 'Ada', email: newEmail(), ...wrong };
		const [field] = Object.keys(wrong) as [string];
		const refused = (await member.api.customers.create(input as never).catch((error: unknown) => error)) as {
			code: string;
		};
		expect(refused).toMatchObject({ code: 'BAD_REQUEST' });
		const { id } = await member.api.customers.create({ org, name: 'Ada', email: newEmail() });
		const change = { org, id, [field]: (wrong as Record<string, unknown>)[field] };
		await expect(member.api.customers.update(change)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});

	test('may be as long as it may, in any script', async () => {
		const { org, member } = await newOrg();
		const name = `${'\u{FDFA}'.repeat(150)}${'𠜎'.repeat(50)}`;
		const email = `${'ﷺ'.repeat(60)}@${'a.'.repeat(90)}example`;
		const created = await member.api.customers.create({ org, name, email, notes: '𠜎'.repeat(10_000) });
		expect(created).toMatchObject({ name, email });
		expect((await member.api.customers.list({ org, q: '\u{FDFA}' })).total).toBe(1);
	});
});
