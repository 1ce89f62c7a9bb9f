import sharp from 'sharp';
import type { Page } from 'playwright/test';
import { expect, test, visit } from './fixtures.ts';
import { ask, csrf, newPerson, press } from './people.ts';

const image = (size = 400) =>
	sharp({ create: { width: size, height: size, channels: 3, background: 'teal' } })
		.png()
		.toBuffer();

async function choose(page: Page, name: string, mimeType: string, buffer: Buffer): Promise<void> {
	const asking = page.waitForEvent('filechooser');
	await press(page, 'Upload picture');
	await (await asking).setFiles({ name, mimeType, buffer });
}

type Me = { user: { avatarUrl: string | null } };
const addressOf = async ({ request }: Page) => (await ask<Me>(request, 'auth.me')).user.avatarUrl;

/** Sends a file as a program would; the status, and the reason of a refusal. */
async function send({ request }: Page, buffer: Buffer, headers: Record<string, string>) {
	const multipart = { avatar: { name: 'me.png', mimeType: 'image/png', buffer } };
	const response = await request.post('/account/avatar', { multipart, headers });
	const { reason = null } = (await response.json()) as { reason?: string };
	return [response.status(), reason];
}

test('a picture is chosen, seen beside one’s name, and taken away', async ({ page }) => {
	await newPerson(page, { firstName: 'Ada' });
	await visit(page, '/account');
	const menu = page.getByRole('button', { name: 'Account menu' });
	await expect(menu.locator('img')).toHaveCount(0);
	await choose(page, 'me.png', 'image/png', await image());
	await expect(page.getByText('Your picture is saved.')).toBeVisible();
	const src = await addressOf(page);
	await expect(menu.locator('img')).toHaveAttribute('src', src!);
	await page.getByRole('link', { name: 'Members' }).click();
	await expect(page.getByRole('table').locator('img')).toHaveAttribute('src', src!);

	await visit(page, '/account');
	await press(page, 'Remove picture');
	await expect(page.getByText('Your picture is removed.')).toBeVisible();
	await expect(menu.locator('img')).toHaveCount(0);
});

test('a file that is no picture is refused in words, and the page stays as it was', async ({ page }) => {
	await newPerson(page);
	await visit(page, '/account');
	const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
	await choose(page, 'me.svg', 'image/svg+xml', buffer);
	await expect(page.getByRole('alert')).toContainText('PNG, JPEG or WebP');
	await expect(page.getByRole('button', { name: 'Remove picture' })).toHaveCount(0);
});

test('a picture is served for good, as nothing but a picture', async ({ page }) => {
	await newPerson(page);
	expect(await send(page, await image(), await csrf(page.request))).toEqual([200, null]);
	const response = await page.request.get((await addressOf(page))!);
	expect(response.headers()).toMatchObject({
		'content-type': 'image/webp',
		'cache-control': 'private, max-age=31536000, immutable',
		'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
		'x-content-type-options': 'nosniff'
	});
	expect(await sharp(await response.body()).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 });
	expect((await page.request.get(`/avatars/${'0'.repeat(64)}.webp`)).status()).toBe(404);
});

test('the door takes pictures of up to 5 MB, of whoever is signed in and means it', async ({ page, otherBrowser }) => {
	await newPerson(page);
	const headers = await csrf(page.request);
	const large = Buffer.alloc(5 * 1024 * 1024 + 1);
	expect(await send(page, large, headers)).toEqual([413, 'too_large']);
	expect(await send(page, large.subarray(1), headers)).toEqual([400, 'invalid']);
	expect(await send(page, await image(), {})).toEqual([403, 'csrf']);
	expect(await send(await otherBrowser(), await image(), {})).toEqual([401, 'unauthenticated']);
	const bare = await page.request.post('/account/avatar', { data: 'x', headers });
	expect(bare.status()).toBe(415);
	expect(await addressOf(page)).toBeNull();
});
