import { randomBytes } from 'node:crypto';
import { expect } from './fixtures.ts';
import { send, speak, type Question } from './raw.ts';
import { DEPLOYED, HOST, test } from './server.ts';

const METRICS_TOKEN = randomBytes(24).toString('hex');
const OURS = { Authorization: `Bearer ${METRICS_TOKEN}` };

const scrape = (origin: string, headers: Question['headers'] = OURS, method = 'GET') =>
	send('/metrics', { method, headers: { Accept: '*/*', ...headers } }, origin);

/** Every series, without its value. */
const seriesOf = (text: string) =>
	text
		.split('\n')
		.filter((line) => line && !line.startsWith('#'))
		.map((line) => line.slice(0, line.lastIndexOf(' ')));

test('metrics ask for the token, whatever the host', async ({ serve }) => {
	const { origin } = await serve({ ...DEPLOYED, METRICS_TOKEN });
	const wrong = [
		'',
		'Bearer',
		`Bearer ${METRICS_TOKEN}x`,
		`Bearer ${METRICS_TOKEN.slice(1)}`,
		`Basic ${METRICS_TOKEN}`
	];
	for (const Authorization of [...wrong, METRICS_TOKEN, `Bearer ${METRICS_TOKEN.toUpperCase()}`]) {
		const answer = await scrape(origin, { Authorization, Host: HOST });
		expect(answer.status, Authorization).toBe(401);
		expect(answer.body).not.toContain('gatehouse_');
	}
	for (const Host of [HOST, '10.0.0.7:3000', 'metrics.internal']) {
		const answer = await scrape(origin, { ...OURS, Host });
		expect(answer.status).toBe(200);
		expect(answer.headers['content-type']).toMatch(/^text\/plain; version=/);
		expect(answer.headers['cache-control']).toBe('no-store');
		expect(answer.body).toMatch(/^gatehouse_database_up 1$/m);
		expect(answer.body).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
		expect(answer.body).toMatch(/^gatehouse_requests_total\{route="\/metrics",method="GET",status="401"\} \d+$/m);
	}
	for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
		expect((await scrape(origin, OURS, method)).status, method).toBe(405);
	}
});

test('without a token there are no metrics', async ({ serve }) => {
	const { origin } = await serve();
	for (const headers of [{}, OURS, { Authorization: 'Bearer ' }, { Authorization: 'Bearer undefined' }]) {
		expect((await scrape(origin, headers)).status).toBe(404);
	}
});

test('nothing that a stranger sends begins a series of its own', async ({ serve }) => {
	const { origin } = await serve({ METRICS_TOKEN, RATE_LIMIT_FACTOR: '0' });
	const canary = () => `canary${randomBytes(6).toString('hex')}`;
	const attack = async () => {
		const word = canary();
		const paths = [`/${word}`, `/orgs/${word}`, `/orgs/${word}/members`, `/verify/${word}`, `/_app/${word}.js`];
		const calls = [`/trpc/${word}`, `/trpc/auth.${word}`, `/trpc/auth.me,${word}?batch=1`, `/trpc/orgs.get?x=${word}`];
		for (const path of [...paths, ...calls]) {
			await send(path, { headers: { 'User-Agent': word, 'X-Forwarded-For': word, Referer: word } }, origin);
		}
		const input = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
		await send('/trpc/auth.login', { ...input, body: JSON.stringify({ identifier: word, password: word }) }, origin);
		await send(`/auth/oauth/${word}`, {}, origin);
		await send('/login', { method: 'PROPFIND' }, origin);
		await speak(`${word.toUpperCase()} / HTTP/1.1\r\nHost: localhost\r\n\r\n`, origin);
	};
	await attack();
	await scrape(origin);
	const before = seriesOf((await scrape(origin)).body);
	for (let times = 0; times < 10; times++) await attack();
	const { body } = await scrape(origin);
	expect(
		seriesOf(body)
			.filter((series) => series.startsWith('gatehouse_'))
			.sort()
	).toEqual(before.filter((series) => series.startsWith('gatehouse_')).sort());
	expect(body).not.toContain('canary');
	expect(body).toMatch(/^gatehouse_sign_ins_total\{way="password",outcome="invalid_credentials"\} 11$/m);
	expect(body).toMatch(/^gatehouse_refusals_total\{status="405"\} 11$/m);
});
