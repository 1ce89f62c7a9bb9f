import { readFileSync } from 'node:fs';
import type axe from 'axe-core';
import type { Page } from 'playwright/test';
import { expect, test } from './fixtures.ts';

declare global {
	interface Window {
		axe: typeof axe;
	}
}

/** Half as long as the module's own copy of itself, for every page reads it anew. */
const AXE = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');

const PHONE = { width: 360, height: 740 };
export const DESK = { width: 1280, height: 800 };

/** Tests that open their pages on a phone, and examine them on a phone and on a desk. */
export function onPhone(tests: () => void): void {
	test.describe('on a phone', () => {
		test.use({ viewport: PHONE });
		tests();
	});
}

/** Lets what moves come to rest, and no color pass slowly from here on: on its way it is neither theme's. */
const settle = (page: Page) =>
	page.evaluate(async () => {
		const still = new CSSStyleSheet();
		still.replaceSync('*, ::before, ::after { transition: none !important }');
		document.adoptedStyleSheets.push(still);
		const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
		await Promise.allSettled(ending.map(({ finished }) => finished));
	});

/** Paints the page as whoever chooses a theme sees it. */
const paint = (page: Page, theme: 'light' | 'dark') =>
	page.evaluate((theme) => void (document.documentElement.dataset.theme = theme), theme);

/** What axe finds: by all of its rules, or by some. It looks into no frames: what a mail looks like is its reader's. */
const violationsOf = (page: Page, runOnly?: string[]) =>
	page.evaluate(async (runOnly) => {
		const { violations } = await window.axe.run({ resultTypes: ['violations'], iframes: false, runOnly });
		return violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => [id, html, failureSummary]));
	}, runOnly);

/** Holds the page at its present size against axe, in both themes, and against the width of the window. */
export async function examineHere(page: Page, name: string): Promise<void> {
	await settle(page);
	if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
	await paint(page, 'light');
	expect.soft(await violationsOf(page), `axe on ${name}`).toEqual([]);
	const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
	expect.soft(overflow, `pixels that ${name} is too wide`).toBeLessThanOrEqual(0);
	// The theme changes colors and nothing else.
	await paint(page, 'dark');
	expect.soft(await violationsOf(page, ['color-contrast']), `axe on ${name}, dark`).toEqual([]);
}

/** Holds the page against axe on a phone, where it stays, and on a desk. What is open stays open. */
export async function examine(page: Page, name: string): Promise<void> {
	await page.setViewportSize(PHONE);
	await examineHere(page, name);
	const open = page.locator('[role=dialog], [role=menu]').filter({ visible: true });
	const opened = await open.count();
	await page.setViewportSize(DESK);
	await expect(open, `what is open on ${name}`).toHaveCount(opened);
	await examineHere(page, `${name}, on a desk`);
	await page.setViewportSize(PHONE);
}
