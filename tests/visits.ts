import { isRedirect, type RequestEvent } from '@sveltejs/kit';
import type { ProviderId } from '#lib/oauth.ts';
import { settings } from '#server/settings.ts';
import { GET as depart } from '../src/routes/auth/oauth/[provider]/+server.ts';
import { GET as arrive } from '../src/routes/auth/oauth/[provider]/callback/+server.ts';
import { newBrowser } from './fixtures.ts';

export type Browser = Pick<ReturnType<typeof newBrowser>, 'cookies' | 'actor' | 'api'>;

/** Has this deployment offer these providers, and run in this mode, until the end of the test file. */
export function deploy({ mode = settings.mode, ...providers }: Partial<typeof settings> & typeof settings.providers) {
	Object.assign(settings.providers, providers);
	settings.mode = mode;
}

type Door = (event: never) => Response | Promise<Response>;

/** Opens a door, and tells where it leads: by a redirect, or by the page that goes on by itself. */
async function open(
	door: Door,
	browser: Browser,
	provider: string,
	url: URL,
	request: RequestInit & { strict?: boolean }
) {
	// A Strict cookie stays at home when another site leads here.
	const actor = await (request.strict ? newBrowser() : browser).actor();
	const event = {
		params: { provider },
		url,
		cookies: browser.cookies,
		locals: { actor, count: () => Promise.resolve() },
		request: new Request(url, request)
	};
	try {
		const response = await door(event as unknown as RequestEvent as never);
		return /url=([^"]*)"/
			.exec(await response.text())![1]!
			.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
	} catch (thrown) {
		if (isRedirect(thrown)) return thrown.location;
		throw thrown;
	}
}

/** Leaves for a provider; where the browser is sent. */
export const leave = (browser: Browser, provider: ProviderId, query = {}, headers: Record<string, string> = {}) => {
	const url = new URL(`http://localhost:5173/auth/oauth/${provider}?${new URLSearchParams(query).toString()}`);
	return open(depart, browser, provider, url, { headers });
};

/** Is somebody at the provider, and agrees; where the provider sends the browser. */
export async function agree(url: string, person: object): Promise<URL> {
	const response = await fetch(url, { redirect: 'manual', headers: { person: JSON.stringify(person) } });
	return new URL(response.headers.get('location')!);
}

/** Comes back from a provider, to the door of another one where a test says so. */
export function comeBack(browser: Browser, back: URL, more: { strict?: boolean; door?: ProviderId } = {}) {
	const { door = back.pathname.split('/')[3]!, strict } = more;
	return open(arrive, browser, door, back, { strict });
}

/** A whole visit; where it ends. */
export async function visit(browser: Browser, provider: ProviderId, person: object, query = {}, strict = false) {
	return comeBack(browser, await agree(await leave(browser, provider, query), person), { strict });
}

/** What `/login?error=` says. */
export const errorOf = (location: string) => new URL(location, 'http://localhost').searchParams.get('error');
