import type { DB } from '../schema.ts';
import { person, personal } from './personal.ts';
import type { Rule } from './rule.ts';
import { shared } from './shared.ts';
import { technical } from './technical.ts';

/**
 * Every table there is, and what becomes of a person's data in it: what is erased, and what a copy of it tells, are both
 * made from here. Rows are erased in this order.
 */
export const RULES: Record<keyof DB | 'graphile_worker._private_jobs', Rule> = {
	...personal,
	...shared,
	...person,
	...technical
};

export type Table = keyof typeof RULES;

export const rules = Object.entries(RULES) as [Table, Rule][];
