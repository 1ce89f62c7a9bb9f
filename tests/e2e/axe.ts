import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';

const SIZES = [
	{ width: 360, height: 740 },
	{ width: 1280, height: 800 }
];

export type Viewport = (typeof SIZES)[number];

/** Runs the same tests in both themes, on a phone and on a desk. */
export function inEveryLook(tests: (viewport: Viewport) => void): void {
	for (const theme of ['light', 'dark']) {
		for (const viewport of SIZES) {
			test.describe(`${theme}, ${viewport.width} px`, () => {
				test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });
				test.beforeEach(({ context, baseURL }) => context.addCookies([{ name: 'theme', value: theme, url: baseURL! }]));
				tests(viewport);
			});
		}
	}
}

/** Holds the page as it is now, in its theme, against axe, and against the width of the window. */
export async function examine(page: Page, name: string): Promise<void> {
	const theme = await page.locator('html').getAttribute('data-theme');
	const axe = new AxeBuilder({ page });
	// The theme changes colors and nothing else: the other rules have been asked in the light.
	if (theme === 'dark') axe.withRules('color-contrast');
	const { violations } = await axe.analyze();
	const found = violations.flatMap(({ id, nodes }) =>
		nodes.map(({ html, failureSummary }) => [id, html, failureSummary])
	);
	expect.soft(found, `axe on ${name}`).toEqual([]);
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect.soft(overflow, `pixels that ${name} is too wide`).toBeLessThanOrEqual(0);
}
