import { expect, test, visit } from './fixtures.ts';
import { newPerson } from './people.ts';

/** Bytes of JavaScript, compressed, that a first page may ask for. */
const BUDGET = 100_000;

for (const path of ['/', '/login', '/signup', '/account', '/api/docs']) {
	test(`${path} as a first page asks for little JavaScript`, async ({ page }) => {
		if (path === '/account') await newPerson(page);
		const sizes: Promise<{ responseBodySize: number }>[] = [];
		page.on('requestfinished', (request) => {
			if (request.resourceType() === 'script') sizes.push(request.sizes());
		});
		await visit(page, path);
		const bytes = (await Promise.all(sizes)).reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
		expect(bytes).toBeGreaterThan(1000);
		expect(bytes).toBeLessThan(BUDGET);
	});
}
