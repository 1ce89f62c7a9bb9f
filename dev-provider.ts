import { createHash, randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { OAuth2Server, type AugmentedRequest, type MutableRedirectUri, type MutableToken } from 'oauth2-mock-server';

const PORT = 5180;

/** Files with a key and a certificate, for a provider that is spoken to by https. */
type Tls = { key: string; cert: string };

type Person = { email: string; firstName: string; lastName: string; isVerified: boolean };

/** The same for every visit of an address, as a provider's own name for a person is. */
const numberOf = ({ email }: Person) => createHash('sha256').update(email).digest().readUInt32BE() + 1;

const searchOf = ({ url }: { url?: string }) => new URL(url ?? '/', 'http://localhost').searchParams;

/** Whom the page below was told to be; nobody, where they cancelled. */
function personOf(answers: URLSearchParams): Person | undefined {
	if (answers.get('answer') !== 'continue') return undefined;
	const [email = '', firstName = '', lastName = ''] = ['email', 'firstName', 'lastName'].map((name) =>
		(answers.get(name) ?? '').trim()
	);
	return { email, firstName, lastName, isVerified: answers.has('isVerified') };
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/** Asks who comes; what the app asked for goes along. */
function whoComes(provider: string, action: string, asked: URLSearchParams): string {
	const kept = [...asked].map(
		([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`
	);
	const field = (name: string, label: string, value: string) =>
		`<p><label>${label}<br><input name="${name}" value="${value}" size="32"></label></p>`;
	return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
		<title>Local ${provider}</title><style>:root { color-scheme: light dark } body { font: 1rem system-ui; margin: 3rem auto; max-width: 22rem }</style>
		<h1>Local ${provider}</h1><p>Nobody checks: be whoever you like.</p>
		<form action="${action}">${kept.join('')}
		${field('email', 'Email', 'robin@example.com')}${field('firstName', 'First name', 'Robin')}${field('lastName', 'Last name', 'Local')}
		<p><label><input type="checkbox" name="isVerified" checked> The address is verified</label></p>
		<button name="answer" value="continue">Continue</button> <button name="answer" value="cancel">Cancel</button></form></html>`;
}

const sendPage = (response: ServerResponse, html: string) =>
	void response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
const sendJson = (response: ServerResponse, body: unknown, status = 200) =>
	void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

/** An OpenID provider and a GitHub that believe whatever they are told, on loopback; for development and journeys. */
export async function startProvider(port = 0, { key, cert }: Partial<Tls> = {}): Promise<OAuth2Server> {
	const server = new OAuth2Server(key, cert, { endpoints: { authorize: '/agree' } });
	await server.issuer.keys.generate('RS256');
	const people = new Map<string, Person>();
	speakOpenId(server, people);
	speakGitHub(server, people);
	await server.start(port, '127.0.0.1');
	return server;
}

function speakOpenId({ issuer, service }: OAuth2Server, people: Map<string, Person>): void {
	service.on('beforeWellKnownOpenIdConfiguration', ({ body }: { body: Record<string, string> }) => {
		body.authorization_endpoint = `${issuer.url}/authorize`;
	});
	service.addRoute('GET', '/authorize', (request, response) =>
		sendPage(response, whoComes('OpenID provider', '/agree', searchOf(request)))
	);
	service.on('beforeAuthorizeRedirect', ({ url }: MutableRedirectUri, request: AugmentedRequest) => {
		const person = personOf(searchOf(request));
		if (person) people.set(url.searchParams.get('code')!, person);
		else {
			url.searchParams.delete('code');
			url.searchParams.set('error', 'access_denied');
		}
	});
	service.on('beforeTokenSigning', ({ payload }: MutableToken, { body }: { body: { code: string } }) => {
		const person = people.get(body.code);
		// Access tokens are signed here, too; those for us name their audience.
		if (!person || !('aud' in payload)) return;
		const { email, firstName, lastName, isVerified } = person;
		const names = { given_name: firstName, family_name: lastName };
		const asked = { auth_time: Math.floor(Date.now() / 1000), picture: `${issuer.url}/picture.png` };
		Object.assign(payload, { sub: String(numberOf(person)), email, email_verified: isVerified, ...names, ...asked });
	});
}

function speakGitHub({ service }: OAuth2Server, people: Map<string, Person>): void {
	service.addRoute('GET', '/login/oauth/authorize', (request, response) =>
		sendPage(response, whoComes('GitHub', '/login/oauth/agree', searchOf(request)))
	);
	service.addRoute('GET', '/login/oauth/agree', (request, response) => {
		const answers = searchOf(request);
		const person = personOf(answers);
		const code = randomUUID();
		if (person) people.set(code, person);
		const back = new URL(answers.get('redirect_uri') ?? '');
		back.searchParams.set('state', answers.get('state') ?? '');
		back.searchParams.set(person ? 'code' : 'error', person ? code : 'access_denied');
		response.writeHead(302, { Location: back.href }).end();
	});
	service.addRoute('POST', '/login/oauth/access_token', ({ body }, response) => {
		const { code } = body as { code: string };
		sendJson(response, people.has(code) ? { access_token: code, token_type: 'bearer' } : { error: 'incorrect_code' });
	});
	for (const path of ['/api/user', '/api/user/emails']) {
		service.addRoute('GET', path, ({ headers }, response) => {
			const person = people.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
			if (!person) return sendJson(response, { message: 'Bad credentials' }, 401);
			const { email, firstName, lastName, isVerified } = person;
			const emails = [{ email, primary: true, verified: isVerified }];
			const profile = { id: numberOf(person), name: `${firstName} ${lastName}` };
			return sendJson(response, path === '/api/user' ? profile : emails);
		});
	}
}

/** What points the app at it. */
export const variablesFor = (url: string) => ({
	GOOGLE_ISSUER: url,
	GOOGLE_CLIENT_ID: 'gatehouse',
	GOOGLE_CLIENT_SECRET: 'local',
	GITHUB_URL: url,
	GITHUB_API_URL: `${url}/api`,
	GITHUB_CLIENT_ID: 'gatehouse',
	GITHUB_CLIENT_SECRET: 'local'
});

async function main(): Promise<void> {
	const { issuer } = await startProvider(Number(process.env.PORT || PORT));
	const lines = Object.entries(variablesFor(issuer.url!)).map(([name, value]) => `${name}=${value}`);
	console.log(`\n  A local provider, for .env:\n\n${lines.join('\n')}\n\n  Then: npm run dev\n`);
}

if (import.meta.main) {
	await main().catch((error: Error) => {
		console.error(error.message);
		process.exitCode = 1;
	});
}
