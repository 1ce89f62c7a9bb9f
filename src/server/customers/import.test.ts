import { describe, expect, test } from 'vitest';
import { formOf, listOf, newOrg, post, putCustomers, send } from '../../../tests/customers.ts';
import { makeUser, newBrowser } from '../../../tests/fixtures.ts';

describe('an import', () => {
	test('takes columns in any order, empty cells, quoted line breaks, and leaves out what it does not know', async () => {
		const { org, member, log } = await newOrg();
		const file = [
			'\uFEFFEMAIL, Name ,"Favourite colour",notes,Phone',
			'ada@x.test,Ada,blue,"Two\r\nlines, and ""words""",+44 20',
			'',
			' BOB@x.test ,  Bob  ,,,',
			'cy@x.test,"Cy, the ""third"""'
		].join('\r\n');
		const { progress, report } = await send(member, org, file);
		expect(report).toEqual({ imported: 3, refused: [], kept: true });
		expect(progress).toEqual([
			{ done: 0, total: 3 },
			{ done: 3, total: 3 }
		]);
		expect(await listOf(member, org)).toEqual([
			{ name: 'Ada', email: 'ada@x.test', phone: '+44 20', notes: 'Two\nlines, and "words"' },
			{ name: 'Bob', email: 'bob@x.test', phone: null, notes: null },
			{ name: 'Cy, the "third"', email: 'cy@x.test', phone: null, notes: null }
		]);
		expect(await log()).toEqual([{ action: 'customer.imported', targetId: null, target: null, details: { count: 3 } }]);
	});

	test.for([
		['semicolons', 'name;email;notes\nAda;ada@x.test;a, b\n'],
		['tabs', 'name\temail\tnotes\nAda\tada@x.test\ta, b\n'],
		['old line ends', 'name,email,notes\rAda,ada@x.test,"a, b"\r'],
		['quoted names', '"name";"email";"notes"\r\n"Ada";"ada@x.test";"a, b"']
	] as const)('reads %s', async ([, file]) => {
		const { org, member } = await newOrg();
		expect((await send(member, org, file)).report).toMatchObject({ imported: 1, refused: [] });
		expect(await listOf(member, org)).toEqual([{ name: 'Ada', email: 'ada@x.test', phone: null, notes: 'a, b' }]);
	});

	test('loses no character of a long file', async () => {
		const { org, member } = await newOrg();
		const notes = Array.from({ length: 12 }, (_, n) => 'x'.repeat(n) + '🦄北'.repeat(4000));
		const lines = notes.map((note, n) => `Customer ${10 + n},c${n}@x.test,${note}`);
		await send(member, org, ['name,email,notes', ...lines].join('\n'));
		expect((await listOf(member, org)).map((customer) => customer.notes)).toEqual(notes);
	});

	test('counts lines as an editor does, whatever ends them', async () => {
		const { org, member } = await newOrg();
		const file = 'name,email,notes\r\n\r\nA,a,"1\r2\r\n3\n4"\r\nB,b,""\n\r\n,,\nC,c\rD,d\r\nE,e@x.test';
		const { report } = await send(member, org, file);
		expect(report.imported).toBe(1);
		expect(report.refused.map(({ line, email }) => [line, email])).toEqual([
			[3, 'a'],
			[7, 'b'],
			[10, 'c'],
			[11, 'd']
		]);
	});

	const mixed = [
		'name,email,phone,notes',
		'Ada,ada@x.test,,"two',
		'lines"',
		'Bad,not an address,,',
		',missing@x.test,,',
		'Ada again,ADA@x.test,,',
		'Known,known@x.test,,',
		'Many,many@x.test,,,one too many',
		`${'x'.repeat(201)},long@x.test,${'1'.repeat(51)},`,
		'Bob,bob@x.test,,'
	].join('\n');

	const refused = [
		{ line: 4, email: 'not an address', reason: 'email: Enter an e-mail address, like ada@example.com.' },
		{ line: 5, email: 'missing@x.test', reason: 'name: Enter a name.' },
		{ line: 6, email: 'ADA@x.test', reason: 'The address is in line 2 already.' },
		{ line: 7, email: 'known@x.test', reason: 'There is a customer with this address already.' },
		{ line: 8, email: 'many@x.test', reason: expect.stringContaining('more cells') as string },
		{ line: 9, email: 'long@x.test', reason: 'name: Use at most 200 characters. phone: Use at most 50 characters.' }
	];

	test('names each bad row, and keeps the good ones', async () => {
		const { id, org, member, log } = await newOrg();
		await putCustomers(id, [{ name: 'Known', email: 'known@x.test' }]);
		const { report } = await send(member, org, mixed);
		expect(report).toEqual({ imported: 2, refused, kept: true });
		expect((await listOf(member, org)).map(({ name }) => name)).toEqual(['Ada', 'Bob', 'Known']);
		expect(await log()).toMatchObject([{ action: 'customer.imported', details: { count: 2 } }]);
	});

	test('keeps nothing because of one bad row, when it is asked to', async () => {
		const { id, org, member, log } = await newOrg();
		await putCustomers(id, [{ name: 'Known', email: 'known@x.test' }]);
		expect((await send(member, org, mixed, true)).report).toEqual({ imported: 0, refused, kept: false });
		const known = 'name,email\nAda,ada@x.test\nKnown,known@x.test';
		const { report } = await send(member, org, known, true);
		expect(report).toMatchObject({ imported: 0, refused: [{ line: 3, email: 'known@x.test' }], kept: false });
		expect(await listOf(member, org)).toHaveLength(1);
		expect(await log()).toEqual([]);
		expect((await send(member, org, 'name,email\nAda,ada@x.test', true)).report).toMatchObject({
			imported: 1,
			kept: true
		});
	});

	const rows = (count: number) =>
		`name,email\n${Array.from({ length: count }, (_, n) => `Customer ${n},c${n}@x.test`).join('\n')}`;

	test('takes ten thousand rows and tells of its progress, and not one more', async () => {
		const { id, org, member } = await newOrg();
		const { progress, report } = await send(member, org, rows(10_000));
		expect(report).toEqual({ imported: 10_000, refused: [], kept: true });
		expect(progress.map(({ done }) => done)).toEqual(Array.from({ length: 21 }, (_, n) => n * 500));
		await expect(send(member, org, rows(10_001))).rejects.toMatchObject({
			reason: 'invalid',
			message: expect.stringContaining('10,000') as string
		});

		await putCustomers(id, [{ name: 'Customer', email: 'c@x.test' }]);
		const counted = [];
		for (const q of ['', 'c', 'cust', 'customer c9', 'c9999']) {
			counted.push((await member.api.customers.list({ org, q, limit: 1 })).total);
		}
		expect(counted).toEqual([10_000, 10_000, 10_000, 1111, 1]);
	});

	test('belongs to the organization of its address, whatever stands in the file', async () => {
		const [own, other] = [await newOrg(), await newOrg()];
		await putCustomers(other.id, [{ name: 'Known', email: 'known@x.test' }]);
		const file = `name,email,org_id,org\nKnown,known@x.test,${other.id},${other.org}`;
		expect((await send(own.member, own.org, file)).report).toMatchObject({ imported: 1 });
		expect((await other.member.api.customers.list({ org: other.org })).total).toBe(1);
	});

	test.for([
		['', /first line/],
		['name,phone\nAda,1', /“email”/],
		['Ada,ada@x.test\n', /“name” and “email”/],
		['name,email,email\nAda,a@x.test,b@x.test', /twice/],
		['name,email\n', /no customer/],
		['name,email\nAda,a@x.test\n"Ada,ada@x.test', /Near line 3, a quotation mark is never closed/],
		[`name,email\nAda,"${'x'.repeat(200_000)}`, /Near line 2, a row is longer than 128 kB/],
		[new Uint8Array([0xff, 0xfe, 0x6e, 0]), /UTF-8/]
	] as [BlobPart, RegExp][])('refuses %j in words', async ([file, words]) => {
		const { org, member } = await newOrg();
		await expect(send(member, org, file)).rejects.toMatchObject({
			reason: 'invalid',
			message: expect.stringMatching(words) as string
		});
	});

	test('refuses what is no form with a file, and what is too large', async () => {
		const { org, member } = await newOrg();
		const multipart = { 'content-type': 'multipart/form-data; boundary=x' };
		await expect(post(member, org, '{}', { 'content-type': 'application/json' })).rejects.toMatchObject({
			reason: 'unsupported_media_type'
		});
		await expect(post(member, org, 'nonsense', multipart)).rejects.toMatchObject({ reason: 'invalid' });
		await expect(post(member, org, new FormData())).rejects.toMatchObject({ reason: 'invalid' });
		const large = `name,email,notes\nAda,ada@x.test,${'x'.repeat(11_000_000)}`;
		await expect(send(member, org, large)).rejects.toMatchObject({ reason: 'too_large' });
	});

	test('keeps nothing of whoever goes away', async () => {
		const { org, member } = await newOrg();
		const upload = new ReadableStream({
			start(stream) {
				stream.enqueue(
					Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="c.csv"\r\n\r\nname,email\n')
				);
				setTimeout(() => stream.error(new Error('gone')), 20);
			}
		});
		await expect(post(member, org, upload, { 'content-type': 'multipart/form-data; boundary=x' })).rejects.toThrow(
			'gone'
		);

		const response = await post(member, org, formOf(rows(5000)));
		await response.body!.cancel();
		await expect.poll(() => send(member, org, rows(1)).then(({ report }) => report.imported)).toBe(1);
		expect(await listOf(member, org)).toHaveLength(1);
	});

	test('is for those who may write', async () => {
		const { org, reader } = await newOrg();
		const outcomes = [];
		for (const browser of [newBrowser(), await makeUser(), await makeUser({ sysAdmin: true }), reader]) {
			const error: unknown = await post(browser, org, formOf('name,email\nAda,ada@x.test')).catch(
				(error: unknown) => error
			);
			outcomes.push((error as { reason: string }).reason);
		}
		expect(outcomes).toEqual(['unauthenticated', 'not_found', 'not_found', 'forbidden']);
		expect(await listOf(reader, org)).toEqual([]);
	});
});
