import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { PASSWORD, race } from '../../../tests/fixtures.ts';
import { hashPassword, judgePassword, needsRehash, verifyPassword } from './password.ts';

test('a hash is Argon2id with the parameters of OWASP, and tells right from wrong', async () => {
	const hashed = await hashPassword(PASSWORD);
	expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
	expect(needsRehash(hashed)).toBe(false);
	expect(await verifyPassword(hashed, PASSWORD)).toBe(true);
	expect(await verifyPassword(hashed, `${PASSWORD} `)).toBe(false);
	expect(await verifyPassword(null, 'nobody has this password')).toBe(false);
});

test('past two seconds of work, hashing is refused at once', async () => {
	const queue = availableParallelism() * 100;
	const { won, lost } = await race(queue + 50, () => hashPassword(PASSWORD));
	expect(won.length).toBeGreaterThanOrEqual(queue);
	expect(lost.length).toBeGreaterThan(0);
	expect(lost.every(({ reason }) => reason === 'overloaded')).toBe(true);
});

describe('the breach service', () => {
	const sha1 = createHash('sha1').update(PASSWORD).digest('hex').toUpperCase();

	async function judgedBy(service: RequestListener) {
		const asked: string[] = [];
		const server = createServer((request, response) => {
			asked.push(request.url!);
			service(request, response);
		});
		await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
		const breachUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/range`;
		const verdict = await judgePassword(PASSWORD, 'ada@example.com', {
			minLength: 12,
			appName: 'Gatehouse',
			breachUrl
		}).then(
			() => 'accepted',
			(error: { message: string }) => error.message
		);
		server.closeAllConnections();
		server.close();
		return { asked, verdict };
	}

	test('refuses a password that is known, having heard five characters of its hash', async () => {
		const { asked, verdict } = await judgedBy((_, response) =>
			response.end(`${'0'.repeat(35)}:3\r\n${sha1.slice(5)}:17\r\n`)
		);
		expect(verdict).toContain('data breach');
		expect(asked).toEqual([`/range/${sha1.slice(0, 5)}`]);
	});

	test('accepts one that is not, or that only pads the answer', async () => {
		const { verdict } = await judgedBy((_, response) => response.end(`${'0'.repeat(35)}:3\r\n${sha1.slice(5)}:0\r\n`));
		expect(verdict).toBe('accepted');
	});

	test.for<[string, RequestListener]>([
		['fails', (_, response) => response.writeHead(503).end()],
		['hangs', () => {}],
		['breaks off', (request) => request.socket.destroy()],
		['points elsewhere', (_, response) => response.writeHead(302, { Location: '/elsewhere' }).end()]
	])('refuses nobody when it %s, and is asked once', async ([, service]) => {
		const { asked, verdict } = await judgedBy(service);
		expect([verdict, asked.length]).toEqual(['accepted', 1]);
	});
});
