import { describe, expect, test } from 'vitest';
import { POST } from '../../routes/(app)/orgs/[org]/assistant/summarize/+server.ts';
import { makeUser, type newBrowser } from '../../../tests/fixtures.ts';
import { newSpender, NOTES, spendOf } from '../../../tests/spending.ts';
import { offline } from './offline.ts';

type Browser = Pick<ReturnType<typeof newBrowser>, 'actor'>;

async function post(browser: Browser, org: string, body: unknown, type = 'application/json') {
	const request = new Request('http://localhost', {
		method: 'POST',
		body: typeof body === 'string' ? body : JSON.stringify(body),
		headers: { 'Content-Type': type }
	});
	const event = { locals: { actor: await browser.actor(), count: () => Promise.resolve() }, params: { org }, request };
	return POST(event as unknown as Parameters<typeof POST>[0]);
}

describe('the door for the page', () => {
	test('tells the text in pieces, and last what it cost', async () => {
		const { id, org, reader, customerId } = await newSpender(offline, 100_000);
		const response = await post(reader, org, { id: customerId });
		expect(response.headers.get('content-type')).toBe('application/x-ndjson');
		const lines = (await response.text()).trimEnd().split('\n');
		const said = lines.map((line) => JSON.parse(line) as { text?: string; tokens?: number });
		const last = said.pop();
		expect(said.map(({ text }) => text).join('')).toContain(NOTES);
		const { used } = await spendOf(id);
		expect(last).toEqual({ tokens: used, model: 'offline' });
	});

	test('refuses before a word is said, as the procedure does', async () => {
		const { org, reader, customerId } = await newSpender(offline, 100);
		const stranger = await makeUser();
		const refused = async (...call: Parameters<typeof post>) =>
			((await post(...call).catch((error: unknown) => error)) as { reason?: string }).reason;
		expect(await refused(stranger, org, { id: customerId })).toBe('not_found');
		expect(await refused(reader, org, { id: customerId })).toBe('quota_exceeded');
		expect(await refused(reader, org, { id: crypto.randomUUID() })).toBe('not_found');
		expect(await refused(reader, org, { id: 'x' })).toBe('invalid');
		for (const nonsense of ['null', '5', '[]', '{', '']) expect(await refused(reader, org, nonsense)).toBe('invalid');
		expect(await refused(reader, org, 'x'.repeat(2000))).toBe('too_large');
		const form = `id=${customerId}`;
		const type = 'application/x-www-form-urlencoded';
		expect(await refused(reader, org, form, type)).toBe('unsupported_media_type');
		expect(await refused(reader, org, { id: customerId }, 'text/plain')).toBe('unsupported_media_type');
	});
});
