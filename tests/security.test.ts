import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const text = readFileSync('SECURITY.md', 'utf8');

/** How many requirements of levels 1 and 2 ASVS 5.0.0 has. */
const REQUIREMENTS = 253;

const promises = [...text.matchAll(/`([\w./-]+\.test\.ts)` “([^”]+)”/g)].map(([, file, title]) => ({
	file: file!,
	title: title!
}));
const [, asvs = ''] = text.split('## ASVS');
const met = [...asvs.matchAll(/^\| (\d+\.\d+\.\d+) +\|/gm)].map(([, id]) => id!);

describe('SECURITY.md', () => {
	test.for(promises)('names a test of $file: “$title”', ({ file, title }) => {
		const called = new RegExp(`\\b(?:test|describe)\\b[^'"\`]*['"\`][^\\n]*${RegExp.escape(title)}`);
		expect(readFileSync(file, 'utf8')).toMatch(called);
	});

	test('has a test behind every promise', () => {
		const [, promised = ''] = /^## What is promised$([^]*?)^## /m.exec(text) ?? [];
		const rows = promised.split('\n').filter((line) => /^\| (?!what |-)/.test(line));
		expect(rows.length).toBeGreaterThan(30);
		for (const row of rows) expect(row).toMatch(/\| `[\w./-]+\.test\.ts` “[^”]+” +\|$/);
	});

	test('names files that exist', () => {
		const files = [...text.matchAll(/`([\w.-]+\/[\w./-]*\.\w+)`/g)].map(([, file]) => file!);
		expect(files.filter((file) => !existsSync(file))).toEqual([]);
	});

	test('has each requirement of ASVS once: met, departed from, or without anything to apply to', () => {
		const [, apart = ''] = asvs.split('Not in the table');
		const other = [...apart.matchAll(/\d+\.\d+\.\d+/g)].map(([id]) => id);
		expect(new Set([...met, ...other]).size).toBe(REQUIREMENTS);
		expect(met.length + other.length).toBe(REQUIREMENTS);
	});

	test('explains each departure', () => {
		const [, departures = ''] = /^## Departures$([^]*?)^## /m.exec(text) ?? [];
		const departed = asvs.split('\n').filter((row) => row.includes('**Departure**'));
		for (const row of departed) expect(departures).toContain(/\d+\.\d+\.\d+/.exec(row)![0]);
	});
});
