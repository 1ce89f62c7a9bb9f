import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { makeUser, newBrowser, newEmail, PASSWORD } from '../../../../tests/fixtures.ts';
import { db } from '../../db.ts';

const operator = await makeUser({ sysAdmin: true });
const { list } = operator.api.admin.users;

/** A word that nobody else in the database begins with. */
const newWord = () => `x${randomBytes(6).toString('hex')}`;

type Row = Partial<{
	email: string;
	username: string;
	firstName: string;
	lastName: string;
	createdAt: Date;
	lastSeenAt: Date;
	emailVerifiedAt: Date;
	suspendedAt: Date;
	suspendedUntil: Date;
	deactivatedAt: Date;
	sysAdmin: boolean;
}>;

async function put(...rows: Row[]) {
	const people = rows.map((row) => ({ email: newEmail(), ...row }));
	return (await db.insertInto('user').values(people).returning('id').execute()).map(({ id }) => id);
}

const namesOf = async (input: Parameters<typeof list>[0]) => (await list(input)).items.map(({ name }) => name);
const day = (n: number) => new Date(Date.UTC(2020, 0, n));

describe('a search', () => {
	test('finds who has a name, an address or a username that begins like it, whatever its capitals', async () => {
		const word = newWord();
		const [ada] = await put({
			firstName: `${word} Ada`,
			lastName: `Ö${word}`,
			username: `u${word}`,
			email: `e${word}@example.com`
		});
		for (const q of [word, `${word} ADA ö`, `ö${word}`, `U${word}`, `E${word}@EX`, ada!, ada!.slice(0, 13)]) {
			expect(
				(await list({ q })).items.map(({ id }) => id),
				q
			).toEqual([ada]);
		}
		for (const q of ['Ada ö', `${word} b`, `${word}%`, `_${word}`, `@${word}`, ada!.slice(1)]) {
			expect(
				(await list({ q })).items.map(({ id }) => id),
				q
			).not.toContain(ada);
		}
	});

	test('takes a line of any signs, and no more', async () => {
		for (const q of ["o'brien", '%', '\\', '\u{10FFFD}', 'f'.repeat(254), '"; drop table "user"', '----', '0000-']) {
			expect((await list({ q, limit: 1 })).items.length, q).toBeLessThanOrEqual(1);
		}
		for (const q of ['a\nb', 'f'.repeat(255), 'a\0b'])
			await expect(list({ q })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
	});
});

test('a filter lets through who is active, suspended or gone; verified; a system admin', async () => {
	const q = newWord();
	const past = new Date(Date.now() - 60_000);
	const future = new Date(Date.now() + 60_000);
	await put(
		{ firstName: `${q} new` },
		{ firstName: `${q} plain`, emailVerifiedAt: past },
		{ firstName: `${q} admin`, emailVerifiedAt: past, sysAdmin: true },
		{ firstName: `${q} shut`, emailVerifiedAt: past, suspendedAt: past },
		{ firstName: `${q} for-now`, suspendedAt: past, suspendedUntil: future, deactivatedAt: past },
		{ firstName: `${q} again`, suspendedAt: past, suspendedUntil: past },
		{ firstName: `${q} gone`, emailVerifiedAt: past, deactivatedAt: past }
	);
	const found = async (filter: Parameters<typeof list>[0]) => {
		const { items, total } = await list({ q, sort: 'name', direction: 'asc', ...filter });
		expect(total).toBe(items.length);
		return items.map(({ name }) => name.slice(q.length + 1));
	};
	expect(await found({})).toEqual(['admin', 'again', 'for-now', 'gone', 'new', 'plain', 'shut']);
	expect(await found({ standing: 'active' })).toEqual(['admin', 'again', 'new', 'plain']);
	expect(await found({ standing: 'suspended' })).toEqual(['for-now', 'shut']);
	expect(await found({ standing: 'deactivated' })).toEqual(['gone']);
	expect(await found({ verified: false })).toEqual(['again', 'for-now', 'new']);
	expect(await found({ verified: true, standing: 'active', sysAdmin: false })).toEqual(['plain']);
	expect(await found({ sysAdmin: true })).toEqual(['admin']);
	const { items } = await list({ q: `${q} for-now` });
	expect(items).toMatchObject([{ standing: 'suspended', suspendedUntil: future, verified: false, sysAdmin: false }]);
	expect((await list({ q: `${q} again` })).items).toMatchObject([{ standing: 'active', suspendedUntil: null }]);
});

describe('an order', () => {
	const orders = (['createdAt', 'name', 'email', 'lastSeenAt'] as const).flatMap((sort) =>
		(['asc', 'desc'] as const).map((direction) => ({ sort, direction }))
	);

	test.for(orders)('by $sort $direction shows each person once, page by page', async (order) => {
		const q = newWord();
		const names = ['Zoë', 'ada', 'Ada', 'Émile', '北京'];
		await put(
			...Array.from({ length: 13 }, (_, n) => ({
				username: `${q}${n}`,
				...(n % 4 > 0 && { firstName: names[n % 5] }),
				createdAt: day(n % 3),
				...(n % 3 > 0 && { lastSeenAt: day((n * 7) % 5) })
			}))
		);
		const { items: all, total } = await list({ q, ...order });
		expect(total).toBe(13);
		const seen: typeof all = [];
		let cursor: string | undefined;
		do {
			const page = await list({ q, ...order, limit: 2, cursor });
			seen.push(...page.items);
			cursor = page.nextCursor ?? undefined;
		} while (cursor);
		expect(seen).toEqual(all);
		expect(new Set(all.map(({ id }) => id)).size).toBe(13);

		const keys = all.map((item) => {
			const key = item[order.sort];
			return typeof key === 'string' ? key.toLowerCase() : (key?.getTime() ?? -Infinity);
		});
		const ascending = order.direction === 'asc' ? keys : keys.toReversed();
		expect(ascending).toEqual(ascending.toSorted((a, b) => (a < b ? -1 : Number(a > b))));
	});

	test('is the newest first where none is asked for', async () => {
		const q = newWord();
		await put({ firstName: `${q} old`, createdAt: day(1) }, { firstName: `${q} new`, createdAt: day(2) });
		expect(await namesOf({ q })).toEqual([`${q} new`, `${q} old`]);
		expect(await namesOf(undefined)).toHaveLength(25);
	});

	test.for(['nonsense', '["a"]', '[null,"a"]', '[1,2]', `["a\\u0000","${'0'.repeat(32)}"]`])(
		'has no page that begins at %j',
		async (key) => {
			const cursor = Buffer.from(key).toString('base64url');
			for (const { sort } of orders) await expect(list({ sort, cursor })).rejects.toMatchObject({ reason: 'invalid' });
		}
	);
});

test('when a person was last seen is when they signed in, or did something in any session', async () => {
	const person = await makeUser({ password: PASSWORD });
	const seen = async () => (await list({ q: person.id })).items[0]!.lastSeenAt!;
	const lastSeenAt = day(1);
	const forget = () => db.updateTable('user').where('id', '=', person.id).set({ lastSeenAt }).execute();
	await forget();
	await newBrowser().api.auth.login({ identifier: person.email, password: PASSWORD });
	expect(await seen()).not.toEqual(lastSeenAt);

	await forget();
	await person.api.auth.me();
	expect(await seen(), 'written at most once a minute').toEqual(lastSeenAt);
	await db
		.updateTable('session')
		.where('id', '=', person.sessionId)
		.set({ lastSeenAt: new Date(Date.now() - 61_000) })
		.execute();
	await person.api.auth.me();
	expect(await seen()).not.toEqual(lastSeenAt);
});
