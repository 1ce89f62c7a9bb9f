import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { readCustomers } from './file.ts';

test.for([
	['a row of separators', `name,email${','.repeat(9_900_000)}`, /128 kB/],
	['a row of cells with line breaks', `name,email\n${'"\n",,'.repeat(2_000_000)}`, /128 kB/],
	['a cell', 'x'.repeat(9_900_000), /128 kB/],
	['rows of empty cells', ',\n'.repeat(5_000_000), /10,000/],
	['longer rows of empty cells', `name,email\n${',,\n'.repeat(3_000_000)}`, /10,000/],
	['empty lines', '\n'.repeat(9_900_000), /first line/]
] as const)('10 MB of %s are refused while others have their turn', { timeout: 60_000 }, async ([, text, words]) => {
	const delay = monitorEventLoopDelay({ resolution: 5 });
	delay.enable();
	await sleep(20);
	const refused = await readCustomers(text).catch((error: unknown) => error);
	await sleep(20);
	delay.disable();
	expect(refused).toMatchObject({ reason: 'invalid', message: expect.stringMatching(words) as string });
	expect(delay.max / 1e6).toBeLessThan(500);
});
