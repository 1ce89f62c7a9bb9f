import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { inside, newOrg, putCustomers, type Row } from '../../../tests/customers.ts';
import { SORT_KEYS, type Order } from './queries.ts';

type Sort = Order['sort'];
type Direction = Order['direction'];

describe('a list', () => {
	const names = [
		'ada',
		'Ada',
		'ADA',
		'Ängström',
		'Zoë',
		'ada lovelace',
		'ada-marie',
		'bob',
		'Bob',
		'北京',
		"O'Brien",
		'***'
	];
	const people: Row[] = Array.from({ length: 40 }, (_, n) => ({
		name: names[n % names.length]!,
		email: `p${(n * 7) % 40}@x.example`,
		createdAt: new Date(Date.UTC(2030, 0, 1, 0, 0, 0, Math.floor(n / 5)))
	}));

	const orders = (['name', 'email', 'createdAt'] as const).flatMap((sort) =>
		(['asc', 'desc'] as const).flatMap((direction) =>
			['', 'a', 'ada', 'p', 'x.ex p'].map((q) => ({ sort, direction, q }))
		)
	);

	test.for(orders)('by $sort $direction of “$q” shows each customer once, page by page', async (order) => {
		const { id: orgId, org, member } = await newOrg();
		await putCustomers(orgId, people);
		const { items: all, total } = await member.api.customers.list({ org, ...order, limit: 100 });
		const seen: typeof all = [];
		let page = await member.api.customers.list({ org, ...order, limit: 3 });
		expect(page.total).toBe(total);
		for (
			;
			page.nextCursor;
			page = await member.api.customers.list({ org, ...order, limit: 3, cursor: page.nextCursor })
		) {
			seen.push(...page.items);
		}
		expect(page.total).toBeNull();
		expect([...seen, ...page.items]).toEqual(all);

		const found = people.filter(({ name }) => !order.q.startsWith('a') || /^ada|-ada/i.test(name));
		expect([all.length, total]).toEqual([found.length, found.length]);
		expect(new Set(all.map(({ id }) => id)).size).toBe(found.length);
		const keys = all.map((item) => {
			const key = item[order.sort];
			return typeof key === 'string' ? key.toLowerCase() : key.toISOString();
		});
		const ascending = order.direction === 'asc' ? keys : keys.toReversed();
		const compare = (a: string, b: string) => (order.sort === 'name' ? 0 : a < b ? -1 : Number(a > b));
		expect(ascending).toEqual(ascending.toSorted(compare));
		if (order.sort === 'name' && order.q === '') {
			expect([...new Set(ascending)]).toEqual([
				'***',
				'ada',
				'ada lovelace',
				'ada-marie',
				'bob',
				"o'brien",
				'zoë',
				'ängström',
				'北京'
			]);
		}
	});

	test.for([
		['ada', ['Ada Lovelace', 'Jean-Luc Ada']],
		['ADA', ['Ada Lovelace', 'Jean-Luc Ada']],
		['lov', ['Ada Lovelace']],
		['lovelace ada', ['Ada Lovelace']],
		['Lovelace, Ada', ['Ada Lovelace']],
		['"Ada Lovelace" <countess@engines.example>', ['Ada Lovelace']],
		['ovelace', []],
		['ada y', []],
		['countess@eng', ['Ada Lovelace']],
		['engines.ex', ['Ada Lovelace']],
		['@engines.example', ['Ada Lovelace']],
		['gines.example', []],
		['luc', ['Jean-Luc Ada']],
		['jean-l', ['Jean-Luc Ada']],
		['JEAN-LUC', ['Jean-Luc Ada']],
		['(ac', ['Zoë (Acme)']],
		['acme', ['Zoë (Acme)']],
		['ZOË', ['Zoë (Acme)']],
		['ｚｏë', ['Zoë (Acme)']],
		['z', ['Zoë (Acme)']],
		['zo', ['Zoë (Acme)']],
		['北', ['北京 公司']],
		['公司', ['北京 公司']],
		['🦄', ['🦄 %_']],
		['%', ['🦄 %_']],
		['_', []],
		['p.q', ['🦄 %_']],
		['nobody', []],
		['   ', ['Ada Lovelace', 'Jean-Luc Ada', 'Zoë (Acme)', '北京 公司', '🦄 %_']]
	] as [string, string[]][])('finds for “%s” those with a word that begins with it', async ([q, found]) => {
		const { id, org, reader } = await newOrg();
		await putCustomers(id, [
			{ name: 'Ada Lovelace', email: 'countess@engines.example' },
			{ name: 'Jean-Luc Ada', email: 'one@x.test' },
			{ name: 'Zoë (Acme)', email: 'two@x.test' },
			{ name: '北京 公司', email: 'three@x.test' },
			{ name: '🦄 %_', email: 'p.q@x.test' }
		]);
		const { items, total } = await reader.api.customers.list({ org, q });
		expect(items.map(({ name }) => name).toSorted()).toEqual(found);
		expect(total).toBe(found.length);
	});

	test('of what thousands have in common is in the order of the whole list', async () => {
		const { id, org, reader } = await newOrg();
		const crowd = Array.from({ length: 2600 }, (_, n) => ({
			name: `${['Carl', 'Cora', 'Customer', 'Åsa'][n % 4]} ${(n * 7) % 1000}`,
			email: `${n % 3 ? 'c' : 'd'}${(n * 11) % 2600}@${n % 2 ? 'company' : 'org'}.example`,
			createdAt: new Date(Date.UTC(2030, 0, 1) + Math.floor(n / 7))
		}));
		await putCustomers(id, crowd.slice(0, 1300));
		await putCustomers(id, crowd.slice(1300));
		const walk = async (order: { sort: Sort; direction: Direction }, q: string, pages: number) => {
			const addresses: string[] = [];
			let cursor: string | undefined;
			for (let nth = 0; nth === 0 || (cursor && nth < pages); nth++) {
				const page = await reader.api.customers.list({ org, ...order, q, limit: 100, cursor });
				addresses.push(...page.items.map(({ email }) => email));
				cursor = page.nextCursor ?? undefined;
			}
			return addresses;
		};
		const whole = (sort: Sort, direction: Direction) =>
			inside(id, (tx) => {
				const all = tx.selectFrom('customer').where('orgId', '=', id).select(['name', 'email']);
				return all.orderBy(SORT_KEYS[sort], direction).orderBy('id', direction).execute();
			});
		const has = { c: /^c| c|@c/im, 'ex c': /^c| c|@c/im, 'com å': /å.*company/is };
		const orders = ['name asc 99', 'name desc 2', 'email asc 2', 'email desc 2', 'createdAt desc 2'];
		for (const [sort, direction, pages] of orders.map((order) => order.split(' ') as [Sort, Direction, string])) {
			const all = await whole(sort, direction);
			for (const [q, pattern] of Object.entries(has)) {
				const found = all.filter(({ name, email }) => pattern.test(`${name}\n${email}`)).map(({ email }) => email);
				const seen = await walk({ sort, direction }, q, Number(pages));
				expect(seen, `${q} by ${sort} ${direction}`).toEqual(found.slice(0, Number(pages) * 100));
			}
		}
	});

	test('finds a customer by the new name and no more by the old one', async () => {
		const { org, member } = await newOrg();
		const { api } = member;
		const { id } = await api.customers.create({ org, name: 'Ada Byron', email: 'ada@x.test' });
		await api.customers.update({ org, id, name: 'Ada Lovelace', email: 'lovelace@y.test' });
		const totals = [];
		for (const q of ['byron', 'x.test', 'lovelace', 'y.test', 'ada'])
			totals.push((await api.customers.list({ org, q })).total);
		expect(totals).toEqual([0, 0, 1, 1, 1]);
		await api.customers.delete({ org, id });
		expect((await api.customers.list({ org, q: 'ada' })).total).toBe(0);
		expect(
			await inside(id, (tx) => tx.selectFrom('customerWord').where('customerId', '=', id).select('word').execute())
		).toEqual([]);
	});

	test('holds the own organization’s customers alone, also in its counts and in its order', async () => {
		const [own, other] = [await newOrg(), await newOrg()];
		await putCustomers(own.id, [{ name: 'Ada', email: 'ada@x.test' }]);
		await putCustomers(other.id, people);
		for (const input of [{}, { q: 'a' }, { q: 'ada' }, { sort: 'createdAt', direction: 'desc' }] as const) {
			const page = await own.member.api.customers.list({ org: own.org, ...input });
			expect(page).toMatchObject({ items: [{ name: 'Ada' }], total: 1, nextCursor: null });
		}
		expect(await own.member.api.customers.list({ org: own.org, q: 'p1' })).toMatchObject({ items: [], total: 0 });
	});

	test.for(['nonsense', '["a"]', '["a",1]', `["a\\u0000","${randomUUID()}"]`])('refuses the cursor %j', async (key) => {
		const { org, reader } = await newOrg();
		const cursor = Buffer.from(key).toString('base64url');
		for (const sort of ['name', 'createdAt'] as const) {
			await expect(reader.api.customers.list({ org, sort, cursor })).rejects.toMatchObject({ reason: 'invalid' });
		}
	});
});
