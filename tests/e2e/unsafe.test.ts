import { randomBytes } from 'node:crypto';
import { createDatabase, dropDatabase, query } from './database.ts';
import { expect } from './fixtures.ts';
import { ending, launch, test } from './server.ts';

const SAFE = {
	APP_ENV: 'prod',
	NODE_ENV: 'production',
	PUBLIC_ORIGIN: 'https://app.example.com',
	TRUSTED_PROXY_HOPS: '1',
	CRON_SECRET: randomBytes(24).toString('hex'),
	SMTP_URL: 'smtps://mail.example.com',
	MAIL_FROM: 'Gatehouse <hello@app.example.com>'
};

const TABLES = "select from pg_class where relnamespace = 'public'::regnamespace";

test('an unsafe deployment is told all of it, and its database is left alone', async () => {
	const databaseUrl = await createDatabase();
	const unsafe = { PUBLIC_ORIGIN: 'http://app.example.com', CSRF_ENABLED: 'false', NODE_ENV: '' };
	const { child, output } = launch({ ...SAFE, DATABASE_URL: databaseUrl, ...unsafe });
	expect(await ending(child)).toBe(1);
	expect(output()).toMatch(/fatal +PUBLIC_ORIGIN is not https[^]*fatal +CSRF_ENABLED is false[^]*warning +NODE_ENV/);
	expect(output()).not.toMatch(/listens|^\s+at /m);
	expect((await query(TABLES, [], databaseUrl)).rowCount).toBe(0);
	await dropDatabase(databaseUrl);
});

test('a safe deployment starts without a word, and a warning is one line', async ({ serve }) => {
	const safe = await serve(SAFE);
	expect(safe.output()).toBe(`Gatehouse listens on ${safe.origin}\n`);
	const warned = await serve({ ...SAFE, NODE_ENV: 'test', TRUSTED_PROXY_HOPS: '' });
	expect(warned.output()).toMatch(/^Warning: NODE_ENV .+\nWarning: TRUSTED_PROXY_HOPS .+\nGatehouse listens/);
});

test('in strict mode a warning is enough', async () => {
	const databaseUrl = await createDatabase();
	const strict = { NODE_ENV: 'test', PRODUCTION_SECURITY_STRICT_MODE: 'true' };
	const { child, output } = launch({ ...SAFE, DATABASE_URL: databaseUrl, ...strict });
	expect(await ending(child)).toBe(1);
	expect(output()).toMatch(/fatal +NODE_ENV/);
	await dropDatabase(databaseUrl);
});

test('whoever turns the validation off gets a server, and a line for each thing it would have refused', async ({
	serve
}) => {
	const { origin, output } = await serve({
		...SAFE,
		PRODUCTION_SECURITY_VALIDATION_ENABLED: 'false',
		PUBLIC_ORIGIN: 'http://app.example.com',
		CSRF_ENABLED: 'false',
		SMTP_URL: '',
		MAIL_FROM: ''
	});
	const names = ['PUBLIC_ORIGIN', 'CSRF_ENABLED', 'SMTP_URL', 'MAIL_FROM', 'PRODUCTION_SECURITY_VALIDATION_ENABLED'];
	for (const name of names) expect(output()).toMatch(new RegExp(`^Warning: ${name} .+$`, 'm'));
	expect((await fetch(`${origin}/ready`)).status).toBe(200);
});

test('in development nothing of this applies', async ({ serve }) => {
	const { output } = await serve({ APP_ENV: 'dev', CSRF_ENABLED: 'false' });
	expect(output()).not.toContain('CSRF_ENABLED');
});
