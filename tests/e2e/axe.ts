import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';

const SIZES = [
	{ width: 360, height: 740 },
	{ width: 1280, height: 800 }
];

export type Viewport = (typeof SIZES)[number];

/** Runs the same tests on a phone and on a desk. */
export function inEverySize(tests: (viewport: Viewport) => void): void {
	for (const viewport of SIZES) {
		test.describe(`${viewport.width} px`, () => {
			test.use({ viewport, contextOptions: { reducedMotion: 'reduce' } });
			test.beforeEach(({ context, baseURL }) => context.addCookies([{ name: 'theme', value: 'light', url: baseURL! }]));
			tests(viewport);
		});
	}
}

/** Paints the page as whoever chooses a theme sees it, once its colors have come to rest. */
const paint = (page: Page, theme: 'light' | 'dark') =>
	page.evaluate(async (theme) => {
		document.documentElement.dataset.theme = theme;
		const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
		await Promise.allSettled(ending.map(({ finished }) => finished));
	}, theme);

/** No page of ours has frames of other origins, and without them axe needs no window of its own, which takes its time. */
const axeOf = (page: Page) => new AxeBuilder({ page }).setLegacyMode();

async function expectNothing(axe: AxeBuilder, name: string): Promise<void> {
	const { violations } = await axe.analyze();
	const found = violations.flatMap(({ id, nodes }) =>
		nodes.map(({ html, failureSummary }) => [id, html, failureSummary])
	);
	expect.soft(found, `axe on ${name}`).toEqual([]);
}

/** Holds the page as it is now against axe, in both themes, and against the width of the window. */
export async function examine(page: Page, name: string): Promise<void> {
	await expectNothing(axeOf(page), name);
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect.soft(overflow, `pixels that ${name} is too wide`).toBeLessThanOrEqual(0);
	// The theme changes colors and nothing else.
	await paint(page, 'dark');
	await expectNothing(axeOf(page).withRules('color-contrast'), `${name}, dark`);
	await paint(page, 'light');
}
