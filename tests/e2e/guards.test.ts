import { expect, test } from './fixtures.ts';
import { nodesOf, privatePages } from './pages.ts';
import { newPerson } from './people.ts';
import { send, type Answer } from './raw.ts';

/** What only somebody signed in may read, on any of these pages: the name of the demo organisation. */
const DATA = /Acme|"type":"data"/;

/** Every private page, in the demo organisation. */
const pages = privatePages('acme');

test('the private pages are found', () => {
	expect(pages).toEqual(expect.arrayContaining(['/account', '/account/security', '/orgs', '/orgs/acme']));
});

for (const [nth, path] of pages.entries()) {
	test(`${path} is a page for those who are signed in`, async () => {
		const { status, headers, body } = await send(`${path}?tab=1`);
		expect(status).toBe(303);
		expect(headers.location).toBe(`/login?redirectTo=${encodeURIComponent(`${path}?tab=1`)}`);
		expect(body).not.toMatch(DATA);
	});

	test(`${path}/__data.json is refused whatever is said to be known`, async () => {
		for (const known of ['', ...patterns(nodesOf(nth))]) {
			const answer = await send(`${path}/__data.json?x-sveltekit-invalidated=${known}`);
			expect(answer.body, known).not.toMatch(DATA);
			expect(isRefused(answer), `${known}: ${answer.status} ${answer.body}`).toBe(true);
		}
	});

	test(`${path} in other spellings is refused, or is nothing`, async () => {
		for (const spelling of spellings(path)) {
			for (const written of [spelling, `${spelling}/__data.json`, `${spelling}?/`]) {
				const answer = await arrive(written);
				expect(answer.body, written).not.toMatch(DATA);
				expect(isRefused(answer), `${written}: ${answer.status} ${answer.body.slice(0, 200)}`).toBe(true);
			}
		}
	});
}

/** Every row of ones and zeros up to a length. */
function patterns(length: number): string[] {
	if (length === 0) return [];
	const shorter = patterns(length - 1);
	const longest = Array.from({ length: 2 ** length }, (_, bits) => bits.toString(2).padStart(length, '0'));
	return [...shorter, ...longest];
}

const encode = (text: string, first = true) =>
	[...text].map((letter, at) => (at === 0 || !first ? `%${letter.charCodeAt(0).toString(16)}` : letter)).join('');

function spellings(path: string): string[] {
	const segments = path.slice(1).split('/');
	const whole = (change: (segment: string) => string) => `/${segments.map(change).join('/')}`;
	return [
		whole((segment) => encode(segment)),
		whole((segment) => encode(segment, false)),
		whole((segment) => encode(segment).toUpperCase().replaceAll('%', '%25')),
		whole((segment) => segment.toUpperCase()),
		`${path}/`,
		`${path}//`,
		`/${path}`,
		`/.${path}`,
		`/login/..${path}`,
		`/login/%2e%2e${path}`,
		`/login%2f..${path}`,
		`${path}/%2e`,
		`${path}%2f`,
		`${path}%2f..`,
		`${path}%00`,
		`${path}%20`,
		`${path};a=b`,
		`${path}%3f`,
		`${path}.html`,
		path.replaceAll('/', '%2f').replace('%2f', '/'),
		path.replaceAll('/', '\\').replace('\\', '/'),
		`/(app)${path}`,
		`http://127.0.0.1${path}`
	];
}

/** What is answered in the end, as a browser would ask: only redirects to another spelling are followed. */
async function arrive(path: string): Promise<Answer> {
	const origin = process.env.E2E_ORIGIN!;
	for (let hops = 0, at = path; ; hops++) {
		const answer = await send(at);
		if (answer.status !== 308 || hops === 3) return answer;
		const next = new URL(answer.headers.location!, origin + at);
		expect(next.origin, path).toBe(origin);
		at = next.pathname + next.search;
	}
}

function isRefused({ status, headers, body }: Answer): boolean {
	if (status === 303) return headers.location!.startsWith('/login?redirectTo=');
	if (status === 200) return /^{"type":"redirect",.*"location":"\/login\?redirectTo=[^"]*"}$/.test(body);
	return status === 404 || status === 400 || status === 405;
}

test('what a private page answers is kept by nobody', async ({ page }) => {
	await newPerson(page);
	for (const path of ['/account', '/account/security', '/orgs', '/account/__data.json', '/trpc/auth.me']) {
		const response = await page.request.get(path, { maxRedirects: 0 });
		expect(response.status(), path).toBe(200);
		expect(response.headers()['cache-control'], path).toMatch(/\bno-store\b/);
	}
});

test('an organisation of somebody else looks like one that does not exist', async ({ page }) => {
	await newPerson(page);
	const answers: string[] = [];
	for (const slug of ['acme', 'does-not-exist']) {
		const response = await page.goto(`/orgs/${slug}`);
		expect(response!.status()).toBe(404);
		await expect(page.getByRole('heading', { name: 'There is nothing here' })).toBeVisible();
		answers.push((await page.getByRole('main').textContent())!);
	}
	expect(answers[0]).toBe(answers[1]);
});

test('an address that no database can store is refused, and fails nowhere', async ({ page }) => {
	await newPerson(page);
	for (const path of ['/orgs/acme%00', '/orgs/%00/members', '/orgs/acme%00/customers.csv', '/orgs/%00/audit.csv']) {
		expect([400, 404], path).toContain((await page.request.get(path)).status());
	}
});
