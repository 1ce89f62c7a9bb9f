import { attacks } from './attacks.ts';
import { expect, test } from './fixtures.ts';
import { newEmail, newPerson, PASSWORD } from './people.ts';
import { send, type Answer } from './raw.ts';

type Envelope = { error: { json: { message: string; code: number; data: ErrorData } } };
type ErrorData = { code: string; httpStatus: number; reason: string; fields: object | null; requestId: string };

const ID = /^[\w-]{8,64}$/;
const JSON_TYPE = { 'Content-Type': 'application/json' };

/** Expects one error in the form of the contract, and nothing that only a developer should read. */
function expectError(envelope: unknown, { status, headers }: Answer): ErrorData {
	const { error } = envelope as Envelope;
	expect(Object.keys(error.json).sort()).toEqual(['code', 'data', 'message']);
	const { message, code, data } = error.json;
	expect(Object.keys(data).sort()).toEqual(['code', 'fields', 'httpStatus', 'reason', 'requestId']);
	expect(message).toMatch(/^[A-Z].*[.!?]$/);
	expect(message).not.toMatch(/\bat \w+ \(|node_modules|ZodError|Unexpected token/);
	expect(code).toBeLessThan(0);
	expect(data).toMatchObject({ httpStatus: status, requestId: headers['x-request-id'] });
	expect(data.reason).toMatch(/^[a-z_]+$/);
	return data;
}

for (const { name, status, path, ...question } of attacks) {
	test(`${name}: ${status}`, async () => {
		const answer = await send(path, question, process.env.E2E_SERVER);
		expect(answer.status, answer.body).toBe(status);
		expect(answer.headers['x-request-id']).toMatch(ID);
		const body: unknown = JSON.parse(answer.body);
		for (const envelope of Array.isArray(body) ? (body as unknown[]) : [body]) expectError(envelope, answer);
		expect(answer.headers['set-cookie']).toBeUndefined();
	});
}

test('a body whose length nobody told ends at the limit', async () => {
	const headers = { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' };
	const answer = await send('/trpc/auth.login', { method: 'POST', headers, body: ' '.repeat(200_000) });
	expect(answer.status).toBe(413);
	expectError(JSON.parse(answer.body), answer);
});

const BATCHES = [
	'auth.login,account.update',
	'account.update,auth%2elogin',
	'%61uth.login,account.update',
	'auth.login%2Cauth.login',
	'auth.login,auth.login'
];

for (const procedures of BATCHES) {
	test(`a batch with a sign-in is refused: ${procedures}`, async ({ page }) => {
		const email = await newPerson(page);
		const input = { identifier: email, password: PASSWORD };
		const answer = await send(`/trpc/${procedures}?batch=1`, {
			method: 'POST',
			headers: JSON_TYPE,
			body: JSON.stringify({ 0: input, 1: input })
		});
		const envelopes = JSON.parse(answer.body) as Envelope[];
		const calls = decodeURIComponent(procedures).split(',');
		const statuses = calls.map((call) => (call === 'auth.login' ? 400 : 401));
		expect(envelopes.map(({ error }) => error.json.data.httpStatus)).toEqual(statuses);
		expect(answer.body).not.toContain('signed_in');
		expect(answer.headers['set-cookie']).toBeUndefined();
	});
}

test('a batch of one is an ordinary call', async ({ page }) => {
	const email = await newPerson(page);
	const body = JSON.stringify({ 0: { identifier: email, password: PASSWORD } });
	const answer = await send('/trpc/auth.login?batch=1', { method: 'POST', headers: JSON_TYPE, body });
	expect(answer.status).toBe(200);
	expect(answer.body).toContain('signed_in');
});

test('a mutation answers at once and not as a stream, so its cookies arrive', async ({ page }) => {
	const email = await newPerson(page);
	const answer = await send('/trpc/auth.login?batch=1', {
		method: 'POST',
		headers: { ...JSON_TYPE, 'trpc-accept': 'application/jsonl' },
		body: JSON.stringify({ 0: { identifier: email, password: PASSWORD } })
	});
	expect(answer.headers['content-type']).toContain('application/json');
	expect(answer.headers['set-cookie']?.join()).toContain('session_id=');
});

test('with a session, a change needs the token of that session', async ({ page, otherBrowser }) => {
	await newPerson(page);
	const stranger = await otherBrowser();
	await newPerson(stranger);
	const own = (await page.context().cookies()).find(({ name }) => name === 'csrf_token')!.value;
	const foreign = (await stranger.context().cookies()).find(({ name }) => name === 'csrf_token')!.value;
	const update = (token?: string, origin?: string) =>
		page.request.post('/trpc/account.update', {
			data: { firstName: 'Ada' },
			headers: { ...(token && { 'X-CSRF-Token': token }), ...(origin && { Origin: origin }) }
		});
	for (const refused of [await update(), await update(foreign), await update(own, 'https://evil.example')]) {
		expect(refused.status()).toBe(403);
		const { error } = (await refused.json()) as Envelope;
		expect(error.json.data.reason).toBe('csrf');
	}
	expect((await update(own)).status()).toBe(200);
	expect((await update(own, process.env.E2E_ORIGIN)).status()).toBe(200);
});

test('a refusal names its fields', async () => {
	const body = JSON.stringify({ email: 'nobody', password: 7, firstName: 'x'.repeat(200) });
	const answer = await send('/trpc/auth.signup', { method: 'POST', headers: JSON_TYPE, body });
	const data = expectError(JSON.parse(answer.body), answer);
	expect(data.reason).toBe('invalid');
	expect(Object.keys(data.fields!).sort()).toEqual(['email', 'firstName', 'password']);
});

for (const method of ['PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND']) {
	test(`${method} is no way to call`, async () => {
		const { status, headers } = await send('/trpc/auth.login', { method });
		expect(status).toBe(405);
		expect(headers['x-request-id']).toMatch(ID);
	});
}

test('unknown and taken addresses get the same answer', async ({ page }) => {
	const known = await newPerson(page);
	for (const procedure of ['auth.signup', 'auth.resendVerification', 'password.forgot']) {
		const answers = await Promise.all(
			[known, newEmail()].map((email) =>
				send(`/trpc/${procedure}`, {
					method: 'POST',
					headers: JSON_TYPE,
					body: JSON.stringify({ email, password: PASSWORD })
				})
			)
		);
		expect(answers.map(({ status }) => status)).toEqual([200, 200]);
		expect(answers[0]!.body).toBe(answers[1]!.body);
		expect(Object.keys(answers[0]!.headers)).toEqual(Object.keys(answers[1]!.headers));
	}
});
