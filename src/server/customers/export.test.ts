import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { download, listOf, newOrg, putCustomers, send } from '../../../tests/customers.ts';
import { makeUser, newBrowser } from '../../../tests/fixtures.ts';

describe('an export', () => {
	const odd = [
		{ name: '=HYPERLINK("http://x")', email: '=1+1@x.test', phone: '+44 20 7946', notes: '-1\n@SUM(A1)' },
		{ name: "'=1+1", email: "'quoted@x.test", phone: "'", notes: '\u200B' },
		{ name: '＝1+1; "A", B', email: '-a@x.test', phone: '@b', notes: 'a\r\n\r\nb\t"c"' },
		{
			name: "x;=cmd|'/C calc'!A0;y",
			email: 'zoe@x.test',
			phone: "a; '=1;'b",
			notes: `1;"=a\n- b\n\n+c\td;'@e\n\t=f; g`
		},
		{ name: 'Zoë 北京 🦄', email: 'zoe2@x.test', phone: null, notes: null }
	];

	test('holds no formula, and an import elsewhere restores what it says', async () => {
		const [own, other] = [await newOrg(), await newOrg()];
		for (const customer of odd) await own.member.api.customers.create({ org: own.org, ...customer });
		const response = await download(own.reader, own.org);
		expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
		expect(response.headers.get('content-disposition')).toBe(`attachment; filename="${own.org}-customers.csv"`);
		const bytes = await response.bytes();
		const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
		expect(text).toMatch(/^\uFEFFname,email,phone,notes\r\n/);
		expect(text).toContain(`"'=HYPERLINK(""http://x"")",'=1+1@x.test,'+44 20 7946,"'-1\n'@SUM(A1)"\r\n`);
		expect(text).not.toMatch(/(^|[,;\t\r\n])["\s]*[=+\-@＝]/);

		expect((await send(other.member, other.org, bytes)).report).toEqual({ imported: 5, refused: [], kept: true });
		const restored = await listOf(other.member, other.org);
		expect(restored).toEqual(await listOf(own.member, own.org));
		expect(restored).toHaveLength(5);
	});

	test('holds all customers of the organization and no other', async () => {
		const [own, other] = [await newOrg(), await newOrg()];
		await putCustomers(
			own.id,
			Array.from({ length: 1100 }, (_, n) => ({ name: 'Ada', email: `c${n}@own.test` }))
		);
		await putCustomers(other.id, [{ name: 'Bob', email: 'bob@other.test' }]);
		const lines = (await (await download(own.reader, own.org)).text()).trimEnd().split('\r\n');
		expect(new Set(lines.slice(1)).size).toBe(1100);
		expect(lines.slice(1).every((line) => /^Ada,c\d+@own\.test,,$/.test(line))).toBe(true);
		expect(await (await download(other.reader, other.org)).text()).toContain('bob@other.test');
		const empty = await newOrg();
		expect(await (await download(empty.reader, empty.org)).text()).toBe('name,email,phone,notes\r\n');
	});

	test('is missing to strangers like that of no organization', async () => {
		const { org } = await newOrg();
		for (const browser of [await makeUser(), await makeUser({ sysAdmin: true }), (await newOrg()).member]) {
			for (const slug of [org, randomUUID()]) {
				await expect(download(browser, slug)).rejects.toMatchObject({ reason: 'not_found' });
			}
		}
		await expect(download(newBrowser(), org)).rejects.toMatchObject({ reason: 'unauthenticated' });
	});
});
