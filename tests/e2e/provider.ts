import type { Page } from 'playwright/test';
import { expect, isHydrated, visit } from './fixtures.ts';
import { ask, press } from './people.ts';

export type Visitor = { email: string; firstName?: string; lastName?: string; isVerified?: boolean };

/** Says at a provider who one is, and agrees; the page is there already. */
export async function agree(page: Page, { email, firstName = '', lastName = '', isVerified = true }: Visitor) {
	await expect(page.getByRole('heading', { name: /^Local/ })).toBeVisible();
	await page.getByLabel('Email').fill(email);
	await page.getByLabel('First name').fill(firstName);
	await page.getByLabel('Last name').fill(lastName);
	await page.getByLabel('The address is verified').setChecked(isVerified);
	await page.getByRole('button', { name: 'Continue' }).click();
}

/** Comes in by a provider, from the sign-in page. */
export async function comeBy(page: Page, provider: 'Google' | 'GitHub', visitor: Visitor, from = '/login') {
	await visit(page, from);
	await page.getByRole('link', { name: `Continue with ${provider}` }).click();
	await agree(page, visitor);
}

/** Waits for a page of somebody signed in. */
export async function isSignedIn(page: Page): Promise<void> {
	await expect(page.getByRole('button', { name: 'Account menu' })).toBeVisible();
	await isHydrated(page);
}

export const dialog = (page: Page) => page.getByRole('dialog').last();
export const inDialog = (page: Page, name: string) => dialog(page).getByRole('button', { name, exact: true }).click();

export const connections = async (page: Page) =>
	(await ask<{ provider: string; email: string }[]>(page.request, 'account.connections')).map(
		({ provider }) => provider
	);

export async function connect(page: Page, provider: 'Google' | 'GitHub', email: string): Promise<void> {
	await press(page, `Connect ${provider}`);
	await agree(page, { email });
	await expect(page.getByRole('status').filter({ hasText: `${provider} is connected` })).toBeVisible();
	await isSignedIn(page);
}

export async function disconnect(page: Page, provider: 'Google' | 'GitHub'): Promise<void> {
	await press(page, `Disconnect ${provider}`);
	await inDialog(page, `Disconnect ${provider}`);
}
