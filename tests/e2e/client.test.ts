import createClient from 'openapi-fetch';
import type { paths } from '../api.d.ts';
import { expect } from './fixtures.ts';
import { newEmail } from './people.ts';
import { newProgram } from './programs.ts';
import { send } from './raw.ts';
import { test } from './server.ts';

test('a client that was made of the document drives the API with a key', async ({ serve }) => {
	const server = await serve({ LOG_LEVEL: 'error' });
	const { org, key } = await newProgram(server);
	const client = createClient<paths>({ baseUrl: server.origin, headers: { Authorization: `Bearer ${key}` } });
	const path = { org };

	const me = await client.GET('/api/v1/me');
	expect(me.data).toMatchObject({ key: { name: 'Program', role: 'member' }, org: { slug: org } });

	const email = newEmail();
	const body = { name: 'Grace Hopper', email };
	const made = await client.POST('/api/v1/orgs/{org}/customers', { params: { path }, body });
	expect(made.response.status).toBe(201);
	expect(made.response.headers.get('location')).toBe(`/api/v1/orgs/${org}/customers/${made.data!.id}`);
	const one = { params: { path: { org, id: made.data!.id } } };

	const found = await client.GET('/api/v1/orgs/{org}/customers', { params: { path, query: { q: 'hop', limit: 5 } } });
	expect(found.data!.items.map(({ name }) => name)).toEqual(['Grace Hopper']);
	expect(found.data!.total).toBe(1);

	const again = await client.POST('/api/v1/orgs/{org}/customers', { params: { path }, body });
	expect(again.error).toMatchObject({ error: { reason: 'conflict', fields: { email: [expect.any(String)] } } });

	const changed = await client.PATCH('/api/v1/orgs/{org}/customers/{id}', { ...one, body: { notes: 'Navy' } });
	expect(changed.data!.notes).toBe('Navy');
	expect((await client.DELETE('/api/v1/orgs/{org}/customers/{id}', one)).data).toEqual({ deleted: true });
	const gone = await client.GET('/api/v1/orgs/{org}/customers/{id}', one);
	expect(gone.response.status).toBe(404);
	expect(gone.error!.error.requestId).toBe(gone.response.headers.get('x-request-id'));

	const invited = await client.GET('/api/v1/orgs/{org}/invitations', { params: { path } });
	expect(invited.error!.error.reason).toBe('forbidden');
});

test('whoever is not let in is told so as of everything else', async ({ serve }) => {
	const { origin, ...server } = await serve({ LOG_LEVEL: 'error' });
	const { org, key, session } = await newProgram({ origin, ...server });
	const path = `/api/v1/orgs/${org}/customers`;
	const tell = async (headers: Record<string, string>, at = path) => {
		const { status, body } = await send(at, { headers }, origin);
		const { error } = JSON.parse(body) as { error: { reason: string; requestId: string } };
		expect(error.requestId).toMatch(/^[\da-f-]{36}$/);
		return `${status} ${error.reason}`;
	};
	const Authorization = `Bearer ${key}`;
	expect(await tell({})).toBe('401 unauthenticated');
	expect(await tell({ Authorization: `${Authorization}x` })).toBe('401 unauthenticated');
	expect(await tell({ Authorization, Cookie: session.Cookie! })).toBe('400 invalid');
	expect(await tell({}, `${path}?key=${key}`)).toBe('400 invalid');
	expect(await tell({ Authorization }, '/api/v1/orgs/of-others/customers')).toBe('404 not_found');
	expect(await tell({ Authorization }, `${path}?q=${'x'.repeat(9000)}`)).toBe('414 too_large');
	const made = await send(path, { method: 'POST', headers: { Cookie: session.Cookie! } }, origin);
	expect([made.status, made.body]).toEqual([403, expect.stringContaining('"reason":"csrf"')]);
	const answered = await send(path, { headers: { Authorization } }, origin);
	expect(Number(answered.headers['x-ratelimit-remaining'])).toBeGreaterThan(0);
});
