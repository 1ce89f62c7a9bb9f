import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readCustomers } from './file.ts';

test.for([
	['a row of separators', `name,email${','.repeat(9_900_000)}`, /128 kB/],
	['a row of cells with line breaks', `name,email\n${'"\n",,'.repeat(2_000_000)}`, /128 kB/],
	['a cell', 'x'.repeat(9_900_000), /128 kB/],
	['rows of empty cells', ',\n'.repeat(5_000_000), /10,000/],
	['longer rows of empty cells', `name,email\n${',,\n'.repeat(3_000_000)}`, /10,000/],
	['empty lines', '\n'.repeat(9_900_000), /first line/]
] as const)('10 MB of %s are refused while others have their turn', async ([, text, words]) => {
	let turns = 0;
	let isReading = true;
	const others = (async () => {
		for (; isReading; turns++) await setImmediate();
	})();
	const refused = await readCustomers(text).catch((error: unknown) => error);
	isReading = false;
	await others;
	expect(refused).toMatchObject({ reason: 'invalid', message: expect.stringMatching(words) as string });
	// A row may have 128 kB, and after each 2 kB others have their turn.
	expect(turns).toBeGreaterThan(60);
});
