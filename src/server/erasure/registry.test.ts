import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { db } from '../db.ts';
import { rules } from './registry.ts';

type Column = { table: string; column: string; leads: boolean };

/** Every column of every table there is, and whether a foreign key leads from it to a person. */
const { rows: columns } = await sql<Column>`
	select case nspname when 'public' then '' else nspname || '.' end || relname as table, attname as column,
		exists (
			select from pg_constraint
			where conrelid = pg_class.oid and contype = 'f' and attnum = any(conkey)
				and (confrelid = '"user"'::regclass or (confrelid = 'membership'::regclass and attname <> 'org_id'))
		) as leads
	from pg_class
		join pg_namespace on pg_namespace.oid = relnamespace
		join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
	where relkind in ('r', 'p') and nspname !~ '^pg_|^information_schema$'
	order by 1, attnum`.execute(db);

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const ruleOf = new Map(rules.map(([table, rule]) => [snake(table), rule]));

/** The queue's other tables know the names of jobs and the times of the clock. */
const QUEUES_OWN = ['job_queues', 'known_crontabs', 'migrations', 'tasks'].map((name) =>
	name === 'migrations' ? `graphile_worker.${name}` : `graphile_worker._private_${name}`
);

/** Words in the names of columns that may tell of a person. */
const PERSONAL = new Set(
	(
		'actor address avatar body city company contact country description details device email error first fax handle html ' +
		'image impersonator ip ips last maker message name notes owner payload person phone picture props purpose reason reference sealed ' +
		'session street subject target text title to traces url user username value'
	).split(' ')
);

/** Moments, kinds and numbers tell nothing by themselves, and hashes lead back to nobody. */
const isPersonal = (column: string) =>
	!/_(at|hash|kind|generation)$/.test(column) && column.split('_').some((word) => PERSONAL.has(word));

describe('every table', () => {
	test('has a rule for what becomes of an erased person’s data', () => {
		const tables = [...new Set(columns.map(({ table }) => table))].filter((table) => !QUEUES_OWN.includes(table));
		expect(tables.filter((table) => !ruleOf.has(table))).toEqual([]);
		expect([...ruleOf.keys()].filter((table) => !tables.includes(table))).toEqual([]);
	});

	test('names in its rule each column that tells of a person, leads to one, or is called as if it did', () => {
		const suspects = columns.filter(({ table, column, leads }) => ruleOf.has(table) && (leads || isPersonal(column)));
		expect(suspects.length).toBeGreaterThan(60);
		const forgotten = suspects.filter(({ table, column }) => !ruleOf.get(table)!.holds.includes(column));
		expect(forgotten.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
	});

	test('has the columns that its rule names', () => {
		const known = new Set(columns.map(({ table, column }) => `${table}.${column}`));
		const named = [...ruleOf].flatMap(([table, { holds }]) => holds.map((column) => `${table}.${column}`));
		expect(named.filter((column) => !known.has(column))).toEqual([]);
	});
});

test('a table that leads to a person says whose its rows are, and why what is kept must be kept', () => {
	for (const { table } of columns.filter(({ leads }) => leads)) {
		const { erase, theirs } = ruleOf.get(table)!;
		if (!['api_key', 'org'].includes(table)) expect(theirs, table).toBeDefined();
		expect(erase, table).not.toBe('none');
	}
	for (const [table, rule] of rules) {
		if (rule.erase === 'keep' || rule.erase === 'none') expect(rule.why, table).toMatch(/\.$/);
	}
});
