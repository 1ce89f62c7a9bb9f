import type { SystemValues } from '#lib/settings.ts';
import { db } from '../db.ts';
import { listSettings } from './service.ts';

/** Milliseconds that an answer is kept; with the question's own time, a change is in effect everywhere in two seconds. */
const LIFE = 1000;

let kept: { values: Promise<SystemValues>; until: number } | undefined;

async function findValues(): Promise<SystemValues> {
	const { items } = await listSettings(db, 'system');
	return Object.fromEntries(items.map(({ key, value }) => [key, value])) as SystemValues;
}

/**
 * What holds for the whole service: every page asks, and one query a second answers. It takes a connection of its own,
 * so a transaction asks before it begins.
 */
export function presentSettings(): Promise<SystemValues> {
	const now = performance.now();
	if (kept && kept.until > now) return kept.values;
	const present = { values: findValues(), until: now + LIFE };
	present.values.catch(() => {
		if (kept === present) kept = undefined;
	});
	kept = present;
	return present.values;
}

/** Lets a change count at once in this process. */
export function forgetSettings(): void {
	kept = undefined;
}

/** Whether strangers may make accounts at this moment. */
export const isSignupOpen = async (): Promise<boolean> => (await presentSettings()).signup_open;
