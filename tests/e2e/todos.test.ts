import { expect, reload, test, visit } from './fixtures.ts';
import { newPerson, press } from './people.ts';

test('todos are one’s own: added, done, renamed and deleted', async ({ page, otherBrowser }) => {
	await newPerson(page);
	await visit(page, '/todos');
	for (const title of ['Write the tests', 'Ship on Friday']) {
		await page.getByLabel('New todo').fill(title);
		await press(page, 'Add');
		await expect(page.getByRole('checkbox', { name: title })).toBeVisible();
	}
	const saved = page.waitForResponse(/todos\.update/);
	await page.getByRole('checkbox', { name: 'Write the tests' }).check();
	await saved;
	await reload(page);
	await expect(page.getByRole('checkbox', { name: 'Write the tests' })).toBeChecked();
	await expect(page.getByRole('checkbox', { name: 'Ship on Friday' })).not.toBeChecked();

	const choose = async (todo: string, act: string) => {
		await page.getByRole('button', { name: `Actions for ${todo}` }).click();
		await page.getByRole('menuitem', { name: act }).click();
	};
	await choose('Ship on Friday', 'Edit');
	await page.getByLabel('Title').fill('Ship on Thursday');
	await press(page, 'Save');
	await expect(page.getByRole('checkbox', { name: 'Ship on Thursday' })).toBeVisible();
	await choose('Write the tests', 'Delete');
	await press(page, 'Delete todo');
	await expect(page.getByRole('checkbox', { name: 'Write the tests' })).toBeHidden();

	const other = await otherBrowser();
	await newPerson(other);
	await visit(other, '/todos');
	await expect(other.getByRole('main')).not.toContainText('Ship on');
});
