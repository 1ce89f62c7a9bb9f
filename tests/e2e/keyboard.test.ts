import type { Locator, Page } from 'playwright/test';
import { expect, test, visit } from './fixtures.ts';
import { lastLink } from './mail.ts';
import { HOME, newEmail, PASSWORD } from './people.ts';

/** More than any page has places to stop at. */
const STOPS = 40;

// Here things move as most people have it, for the focus must find its way while they do.
test.use({ contextOptions: { reducedMotion: 'no-preference' } });

test('everything from sign-up to sign-out goes by keyboard, and one sees where one is', async ({ page }) => {
	const email = newEmail('keyboard');
	await visit(page, '/');
	await follow(page, page.getByRole('link', { name: 'Create account' }));
	await expect(page).toHaveURL(/\/signup$/);
	await type(page, 'Email', email);
	await type(page, 'Password', PASSWORD);
	await page.keyboard.press('Enter');
	await expect(page.getByRole('heading', { name: 'Check your mail' })).toBeVisible();

	await visit(page, await lastLink('verify', email));
	await follow(page, page.getByRole('button', { name: 'Verify email' }));
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
	await leave(page);

	await type(page, 'Email or username', email);
	await type(page, 'Password', PASSWORD);
	await tabTo(page, page.getByLabel('Remember me'));
	await page.keyboard.press('Space');
	await expect(page.getByLabel('Remember me')).toBeChecked();
	await follow(page, page.getByRole('button', { name: 'Sign in' }));
	await expect(page).toHaveURL(HOME);
	await leave(page);
});

async function leave(page: Page): Promise<void> {
	await follow(page, page.getByRole('button', { name: 'Account menu' }));
	const item = page.getByRole('menuitem', { name: 'Sign out' });
	await expect(item).toBeVisible();
	await page.keyboard.press('End');
	await expect(item).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/\/login$/);
}

async function type(page: Page, label: string, text: string): Promise<void> {
	await tabTo(page, page.getByLabel(label, { exact: true }));
	await page.keyboard.type(text);
}

async function follow(page: Page, target: Locator): Promise<void> {
	await tabTo(page, target);
	await page.keyboard.press('Enter');
}

/** Goes on with Tab until the target has the focus; every stop on the way must be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
	await expect(target).toBeVisible();
	for (let stops = 0; stops < STOPS; stops++) {
		await page.keyboard.press('Tab');
		const [stop, isSeen] = await page.evaluate(describeFocus);
		expect(isSeen, `the focus is seen on ${stop}`).toBe(true);
		if (await target.evaluate((element) => element === document.activeElement)) return;
	}
	throw new Error(`Tab never came to ${target.toString()}.`);
}

/** What has the focus, and whether it shows: it or its label has an outline and stands where one looks. */
function describeFocus(): [string, boolean] {
	const focused = document.activeElement;
	if (!focused || focused === document.body) return ['the page', true];
	const shown = [focused, focused.closest('label')].filter((element) => element !== null);
	const isSeen = shown.some((element) => {
		const { outlineStyle, outlineWidth } = getComputedStyle(element);
		const { top, bottom, width, height } = element.getBoundingClientRect();
		const isOutlined = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1;
		return isOutlined && width > 1 && height > 1 && bottom > 0 && top < innerHeight;
	});
	return [focused.outerHTML.slice(0, 200), isSeen];
}

test('the first stop leads past the navigation', async ({ page }) => {
	await visit(page, '/login');
	await page.keyboard.press('Tab');
	const skip = page.getByRole('link', { name: 'Skip to content' });
	await expect(skip).toBeFocused();
	await expect(skip).toBeInViewport();
	await page.keyboard.press('Enter');
	await expect(page.locator('#main')).toBeFocused();
});

test('a dialog takes the focus, keeps it, and gives it back', async ({ page }) => {
	await visit(page, '/dev');
	const trigger = page.getByRole('button', { name: 'Dialog' });
	await trigger.focus();
	await page.keyboard.press('Enter');
	const dialog = page.getByRole('dialog');
	await expect(dialog).toBeVisible();
	for (let stops = 0; stops < 8; stops++) {
		await page.keyboard.press('Tab');
		expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
	}
	await page.keyboard.press('Escape');
	await expect(dialog).toBeHidden();
	await expect(trigger).toBeFocused();
});
