import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { makeOrg, makeUser } from '../../../tests/fixtures.ts';
import { db } from '../db.ts';

const titles = ({ items }: { items: { title: string }[] }) => items.map(({ title }) => title);

test('a todo is added, renamed, done and deleted', async () => {
	const { api } = await makeUser();
	const { id, ...todo } = await api.todos.create({ title: '  Write the tests ' });
	expect(todo).toEqual({ title: 'Write the tests', done: false, createdAt: expect.any(Date) as Date });
	expect(await api.todos.update({ id, done: true })).toMatchObject({ title: 'Write the tests', done: true });
	expect(await api.todos.update({ id, title: 'Ship' })).toMatchObject({ title: 'Ship', done: true });
	expect(await api.todos.update({ id })).toEqual({ id, title: 'Ship', done: true, createdAt: todo.createdAt });
	expect((await api.todos.list()).items).toEqual([{ id, title: 'Ship', done: true, createdAt: todo.createdAt }]);
	expect(await api.todos.delete({ id })).toEqual({ deleted: true });
	expect(await api.todos.list()).toEqual({ items: [], nextCursor: null, total: 0 });
	await expect(api.todos.delete({ id })).rejects.toMatchObject({ reason: 'not_found' });
});

test('pages show each todo once, newest first, also those of one moment', async () => {
	const { id: userId, api } = await makeUser();
	const at = (n: number) => new Date(Date.UTC(2030, 0, 1, 0, 0, 0, Math.floor(n / 3)));
	const rows = Array.from({ length: 8 }, (_, n) => ({ userId, title: `Todo ${n}`, createdAt: at(n) }));
	await db.insertInto('todo').values(rows).execute();
	const all = titles(await api.todos.list());
	expect(all).toHaveLength(8);
	expect(all.slice(0, 2).sort()).toEqual(['Todo 6', 'Todo 7']);

	const seen: string[] = [];
	let page = await api.todos.list({ limit: 3 });
	expect(page.total).toBe(8);
	for (; page.nextCursor; page = await api.todos.list({ limit: 3, cursor: page.nextCursor }))
		seen.push(...titles(page));
	expect(page.total).toBeNull();
	expect([...seen, ...titles(page)]).toEqual(all);
});

test('somebody else’s todo is as missing as none, for a sys_admin and an admin of their organization too', async () => {
	const {
		members: [owner, orgAdmin]
	} = await makeOrg('member', 'org_admin');
	const { id } = await owner.api.todos.create({ title: 'Mine' });
	for (const { api } of [orgAdmin, await makeUser(), await makeUser({ sysAdmin: true })]) {
		expect(await api.todos.list()).toEqual({ items: [], nextCursor: null, total: 0 });
		for (const call of [api.todos.delete, (input: { id: string }) => api.todos.update({ ...input, done: true })]) {
			const refusals = await Promise.all([id, randomUUID()].map((id) => call({ id }).catch((error: Error) => error)));
			expect(refusals[0]).toMatchObject({ reason: 'not_found' });
			expect(refusals[0]).toEqual(refusals[1]);
		}
	}
	expect((await owner.api.todos.list()).items).toMatchObject([{ title: 'Mine', done: false }]);
});

test('todos are deleted with their person', async () => {
	const { id: userId, api } = await makeUser();
	await api.todos.create({ title: 'Mine' });
	await db.deleteFrom('user').where('id', '=', userId).execute();
	expect(await db.selectFrom('todo').where('userId', '=', userId).select('id').execute()).toEqual([]);
});

test.for([{ title: '' }, { title: '  ' }, { title: 'x'.repeat(201) }, { title: 'two\nlines' }, { title: 5 }, {}])(
	'refuses %j',
	async (input) => {
		const { api } = await makeUser();
		await expect(api.todos.create(input as never)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	}
);

test.for(['', 'nonsense', Buffer.from('["2030-01-01T00:00:00Z"]').toString('base64url')])(
	'refuses the cursor “%s”',
	async (cursor) => {
		const { api } = await makeUser();
		await expect(api.todos.list({ cursor })).rejects.toMatchObject({ reason: 'invalid' });
	}
);
