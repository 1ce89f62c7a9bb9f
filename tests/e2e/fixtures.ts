import { test as base, expect, type BrowserContext, type Page, type Response } from 'playwright/test';

export { expect };

/**
 * Refused and cut calls belong to some journeys, and the frame of a mail keeps out the test's own scripts, too.
 * Whatever else stands on the console is a defect.
 */
const USUAL = /^Failed to load resource:|^Blocked script execution in '[^']*\/dev\/mail\/[^']*'/;

type Fixtures = {
	/** All that went wrong in the browsers of a test, in words. */
	defects: string[];
	/** Opens another browser, with cookies of its own, that is watched like the first. */
	otherBrowser: () => Promise<Page>;
};

/** Playwright's test, failing on any violation of the CSP, uncaught error, hydration warning or other complaint. */
export const test = base.extend<Fixtures>({
	defects: async ({}, use) => {
		const defects: string[] = [];
		await use(defects);
		expect(defects, 'what the browser complained about').toEqual([]);
	},
	context: async ({ context, defects }, use) => {
		await watch(context, defects);
		await use(context);
	},
	otherBrowser: async ({ browser, contextOptions, baseURL, defects }, use) => {
		const contexts: BrowserContext[] = [];
		await use(async () => {
			const context = await browser.newContext({ ...contextOptions, baseURL });
			contexts.push(context);
			await watch(context, defects);
			return context.newPage();
		});
		for (const context of contexts) await context.close();
	}
});

async function watch(context: BrowserContext, defects: string[]): Promise<void> {
	context.on('weberror', (error) => defects.push(error.error().stack || String(error.error())));
	context.on('console', (message) => {
		const complaint = message.type() === 'error' || message.type() === 'warning';
		if (complaint && !USUAL.test(message.text())) defects.push(`${message.page()?.url()}: ${message.text()}`);
	});
	await context.addInitScript(instrument);
}

/** Runs in every document before its own scripts. */
function instrument(): void {
	addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
		console.error(`CSP: ${violatedDirective} forbids ${blockedURI}, in ${sourceFile}:${lineNumber}`);
	});
	// SvelteKit listens to the history last of all, once every component has its handlers.
	const listen = window.addEventListener.bind(window);
	window.addEventListener = (...args: Parameters<typeof listen>) => {
		if (args[0] === 'popstate') Object.assign(window, { isHydrated: true });
		listen(...args);
	};
}

/** Waits until a page answers to clicks, wherever a redirect led to it. */
export const isHydrated = (page: Page) => page.waitForFunction(() => 'isHydrated' in window);

/** Opens a page and waits until it answers to clicks: what a test does before that is lost. */
export async function visit(page: Page, path: string): Promise<Response> {
	const response = await page.goto(path);
	await isHydrated(page);
	return response!;
}

export async function reload(page: Page): Promise<void> {
	await page.reload();
	await isHydrated(page);
}
