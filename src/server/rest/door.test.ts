import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { LIMITS, makeKey, makeOrg, makeUser, newAddress, newBrowser, newEmail, race } from '../../../tests/fixtures.ts';
import { refused, rest } from '../../../tests/rest.ts';
import { AppError } from '../errors.ts';
import { flushMeters } from '../usage/meter.ts';

const customers = (org: string) => `/orgs/${org}/customers`;

async function makeAcme() {
	const {
		slug: org,
		members: [admin, member, reader]
	} = await makeOrg('org_admin', 'member', 'readonly');
	return { org, admin, member, reader };
}

test('a customer is added, looked at, changed and deleted', async () => {
	const { org, member } = await makeAcme();
	const email = newEmail();
	const made = await rest(member, customers(org), { method: 'POST', json: { name: 'Ada', email, phone: '1' } });
	const customer = { id: expect.any(String) as string, name: 'Ada', email, phone: '1', notes: null };
	expect(made.status).toBe(201);
	expect(made.answer).toEqual({
		...customer,
		createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
	});
	const { id } = made.answer as { id: string };
	const one = `${customers(org)}/${id}`;
	expect(made.headers.get('location')).toBe(`/api/v1${one}`);
	expect(await rest(member, one)).toMatchObject({ status: 200, answer: made.answer });
	expect((await rest(member, one, { method: 'HEAD' })).status).toBe(200);

	const changed = await rest(member, one, { method: 'PATCH', json: { phone: null, notes: 'New' } });
	expect(changed).toMatchObject({ status: 200, answer: { id, name: 'Ada', phone: null, notes: 'New' } });
	const deleted = await rest(member, one, { method: 'DELETE' });
	expect(deleted).toMatchObject({ status: 200, answer: { deleted: true } });
	expect(await refused(member, one)).toBe('404 not_found');
});

test('a list goes on where its page ended, in the order that was asked for', async () => {
	const { org, member } = await makeAcme();
	for (const name of ['Ada', 'Bob', 'Cleo']) await member.api.customers.create({ org, name, email: newEmail() });
	const order = 'limit=2&sort=name&direction=desc';
	const first = await rest(member, `${customers(org)}?${order}`);
	const { nextCursor } = first.answer as { nextCursor: string };
	expect(first.answer).toMatchObject({ items: [{ name: 'Cleo' }, { name: 'Bob' }], total: 3 });
	const second = await rest(member, `${customers(org)}?${order}&cursor=${nextCursor}`);
	expect(second.answer).toMatchObject({ items: [{ name: 'Ada' }], nextCursor: null, total: null });
});

describe('an address', () => {
	test('that does not exist is not found, whatever the method and however it is spelled', async () => {
		const { org, member } = await makeAcme();
		for (const path of ['', '/', '/nothing', '/orgs', `/orgs/${org}/`, `${customers(org)}/a/b`, '/me/x', '/%ZZ']) {
			for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'OPTIONS'])
				expect(await refused(member, path, { method }), `${method} ${path}`).toBe('404 not_found');
		}
	});

	test('takes an encoded slash for part of a name, and no procedure of another name', async () => {
		const { org, member } = await makeAcme();
		expect(await refused(member, `/orgs/${org}%2Fcustomers`)).toBe('404 not_found');
		expect(await refused(member, `/orgs/${org}%2F..%2F${org}/customers`)).toBe('404 not_found');
		expect(await refused(member, '/constructor')).toBe('404 not_found');
	});

	test('tells its methods to whoever asks, or comes with another one', async () => {
		const { org, member } = await makeAcme();
		const one = `${customers(org)}/${randomUUID()}`;
		const asked = await rest(member, one, { method: 'OPTIONS' });
		expect([asked.status, asked.headers.get('allow')]).toEqual([204, 'GET, PATCH, DELETE, HEAD, OPTIONS']);
		for (const method of ['POST', 'PUT']) {
			const wrong = await rest(member, one, { method });
			expect(wrong).toMatchObject({ status: 405, answer: { error: { reason: 'method_not_allowed' } } });
			expect(wrong.headers.get('allow')).toBe('GET, PATCH, DELETE, HEAD, OPTIONS');
		}
	});
});

describe('an input', () => {
	test('says what is wrong with which field', async () => {
		const { org, member } = await makeAcme();
		const { status, answer } = await rest(member, customers(org), { method: 'POST', json: { email: 'nobody' } });
		expect([status, answer]).toEqual([
			400,
			{
				error: {
					reason: 'invalid',
					message: 'Please check what you entered.',
					fields: { name: ['Enter a text.'], email: [expect.stringContaining('ada@example.com')] },
					requestId: expect.any(String) as string
				}
			}
		]);
		for (const query of [
			'limit=0',
			'limit=101',
			'limit=ten',
			'limit=1&limit=2',
			'limit=',
			'sort=id',
			'q=a&q=b',
			'cursor=x'
		])
			expect(await refused(member, `${customers(org)}?${query}`), query).toBe('400 invalid');
	});

	test('must be a JSON object', async () => {
		const { org, member } = await makeAcme();
		const post = (body: BodyInit, type?: string) =>
			refused(member, customers(org), { method: 'POST', body, headers: type ? { 'Content-Type': type } : {} });
		for (const body of ['', '{', '[]', '[{}]', 'null', '5', '"x"', '{"name":"\\u0000"}', `{"a":${'['.repeat(9000)}`])
			expect(await post(body, 'application/json; charset=utf-8'), body).toBe('400 invalid');
		for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', ''])
			expect(await post('{}', type), type).toBe('415 unsupported_media_type');
		expect(await post(JSON.stringify({ name: 'x'.repeat(70_000) }), 'application/json')).toBe('413 too_large');
		expect(await post(Buffer.from([0x22, 0xff, 0x22]), 'application/json')).toBe('400 invalid');
	});

	test('names its organization and its row in the path alone', async () => {
		const [{ org, member }, other] = [await makeAcme(), await makeAcme()];
		const mine = await member.api.customers.create({ org, name: 'Ada', email: newEmail() });
		const theirs = await other.member.api.customers.create({ org: other.org, name: 'Bob', email: newEmail() });
		const listed = await rest(member, `${customers(org)}?org=${other.org}`);
		expect(listed.answer).toMatchObject({ items: [{ id: mine.id }], total: 1 });
		const named = `"org":"${other.org}","id":"${theirs.id}"`;
		const body = `{${named},"name":"Eve","__proto__":{${named}},"constructor":{"prototype":{${named}}}}`;
		const headers = { 'Content-Type': 'application/json' };
		const changed = await rest(member, `${customers(org)}/${mine.id}`, { method: 'PATCH', body, headers });
		expect(changed).toMatchObject({ status: 200, answer: { id: mine.id, name: 'Eve' } });
		expect(await other.member.api.customers.get({ org: other.org, id: theirs.id })).toMatchObject({ name: 'Bob' });
	});
});

describe('access', () => {
	test('is that of the procedure', async () => {
		const { org, reader, member } = await makeAcme();
		const add = { method: 'POST', json: { name: 'Ada', email: newEmail() } };
		expect(await refused(newBrowser(), customers(org))).toBe('401 unauthenticated');
		const stranger = await rest(newBrowser(), '/me');
		expect([stranger.status, stranger.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
		expect(await refused(await makeUser(), customers(org))).toBe('404 not_found');
		expect(await refused(reader, customers(org), add)).toBe('403 forbidden');
		expect(await refused(member, `/orgs/${org}/audit`)).toBe('403 forbidden');
		expect(await refused(member, `/orgs/${org}/members/${randomUUID()}`, { method: 'DELETE' })).toBe('403 forbidden');
	});

	test('of a key is bounded, and counted by the names of the procedures', async () => {
		const { org, admin } = await makeAcme();
		const key = await makeKey(admin, org, { ratePerMinute: 2 });
		const { won } = await race(20, () => rest(key, customers(org)));
		expect(won.map(({ status }) => status).sort()).toEqual([200, 200, ...Array<number>(18).fill(429)]);
		await flushMeters();
		const { procedures } = await admin.api.apiKeys.usage({ org, id: key.id });
		expect(procedures).toEqual([{ procedure: 'customers.list', calls: 2, refused: 18 }]);
	});

	test('is limited as all calls are, and says how long to wait', async () => {
		const browser = newBrowser({ limits: { ...LIMITS.limits, factor: 1 / 300 } }, newAddress());
		expect(await refused(browser, '/me')).toBe('401 unauthenticated');
		const { status, headers, answer } = await rest(browser, '/me');
		expect([status, answer]).toMatchObject([429, { error: { reason: 'rate_limited' } }]);
		expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
	});
});

test('what is refused before its procedure hears of it is counted all the same', async () => {
	const { org, member } = await makeAcme();
	const counted: unknown[] = [];
	const count = (call: unknown) => Promise.resolve(void counted.push(call));
	const post = (body: string, type = 'application/json') =>
		refused({ ...member, count }, customers(org), { method: 'POST', body, headers: { 'Content-Type': type } });
	expect(await post('{')).toBe('400 invalid');
	expect(await post('{}', 'text/plain')).toBe('415 unsupported_media_type');
	expect(counted).toEqual(Array(2).fill({ org, procedure: 'customers.create' }));
	const full = () => Promise.reject(new AppError('rate_limited', 'Too many requests.', null, 7));
	const { status, headers } = await rest({ ...member, count: full }, customers(org), { method: 'POST', body: '{' });
	expect([status, headers.get('retry-after')]).toEqual([429, '7']);
});

test('of twenty that add the same customer at once, one does', async () => {
	const { org, member } = await makeAcme();
	const json = { name: 'Ada', email: newEmail() };
	const { won } = await race(20, () => rest(member, customers(org), { method: 'POST', json }));
	expect(won.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(19).fill(409)]);
});
