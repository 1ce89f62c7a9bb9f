import { createHash, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { gitHub } from '#server/oauth/github.ts';
import { listen } from './loopback.ts';
import { CLIENT } from './openid.ts';

export type Hubber = { id?: unknown; name?: unknown; avatar_url?: unknown; emails?: unknown };

type Grant = { person: Hubber; challenge: string | null; redirectUri: string | null };

const BASIC = `Basic ${Buffer.from(`${CLIENT.clientId}:${encodeURIComponent(CLIENT.clientSecret)}`).toString('base64')}`;

const send = (response: ServerResponse, body: unknown, status = 200) =>
	response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

/** GitHub as far as we ask it: a code for whomever a visitor says they are, PKCE, and its API. */
export async function startGitHub() {
	const grants = new Map<string, Grant>();
	const tokens = new Map<string, Hubber>();

	function authorize({ url, headers }: IncomingMessage, response: ServerResponse) {
		const { searchParams } = new URL(url!, 'http://localhost');
		const redirectUri = searchParams.get('redirect_uri');
		const method = searchParams.get('code_challenge_method');
		const challenge = method === 'S256' ? searchParams.get('code_challenge') : null;
		const code = randomUUID();
		grants.set(code, { person: JSON.parse(String(headers.person)) as Hubber, challenge, redirectUri });
		const back = new URL(redirectUri!);
		back.search = new URLSearchParams({ code, state: searchParams.get('state')! }).toString();
		response.writeHead(302, { Location: back.href }).end();
	}

	async function exchange(request: IncomingMessage, response: ServerResponse) {
		const form = new URLSearchParams(await text(request));
		const grant = grants.get(form.get('code') ?? '');
		grants.delete(form.get('code') ?? '');
		const challenge = createHash('sha256').update(form.get('code_verifier')!).digest('base64url');
		const isRight = grant?.challenge === challenge && grant.redirectUri === form.get('redirect_uri');
		if (!grant || !isRight || request.headers.authorization !== BASIC) {
			return send(response, { error: 'bad_verification_code', error_description: 'The code passed is incorrect.' });
		}
		const token = randomUUID();
		tokens.set(token, grant.person);
		return send(response, { access_token: token, token_type: 'bearer', scope: 'read:user,user:email' });
	}

	const server = await listen((request, response) => {
		const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
		if (pathname === '/login/oauth/authorize') return authorize(request, response);
		if (pathname === '/login/oauth/access_token') return void exchange(request, response);
		const person = tokens.get(request.headers.authorization?.replace('Bearer ', '') ?? '');
		if (!person) return send(response, { message: 'Bad credentials' }, 401);
		const { emails, ...profile } = person;
		if (pathname !== '/api/user/emails') return send(response, profile);
		const perPage = Number(searchParams.get('per_page') ?? 30);
		return send(response, Array.isArray(emails) ? emails.slice(0, perPage) : emails);
	});
	const registration = { ...CLIENT, redirectUri: 'http://localhost:5173/auth/oauth/github/callback' };
	return { ...server, provider: gitHub(registration, { url: server.url, apiUrl: `${server.url}/api` }) };
}
