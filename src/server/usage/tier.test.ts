import { expect, test } from 'vitest';
import { db } from '../db.ts';
import { accessTable } from '../router.ts';
import { DOORS, tier } from './tier.ts';

const tiers = await db.selectFrom('tier').selectAll().orderBy('position').execute();

test('every tier that migrations seed is one, and limits what can be called', () => {
	const callable = ['*', ...DOORS, ...accessTable().map(({ path }) => path)];
	expect(tiers.map(({ key }) => key)).toEqual(['free', 'pro', 'enterprise']);
	for (const row of tiers) {
		expect(tier.parse(row)).toEqual(row);
		expect(callable).toEqual(expect.arrayContaining(Object.keys(row.limits as object)));
	}
});

test('what no tier can be is refused', () => {
	const [free] = tiers;
	const features = free!.features as object;
	const wrong = [
		{ features: { ...features, members: 1.5 } },
		{ features: { ...features, members: -2 } },
		{ features: { ...features, members: true } },
		{ features: { ...features, audit_export: 1 } },
		{ features: { ...features, unheard_of: true } },
		{ features: { members: 1 } },
		{ limits: { '*': -2 } },
		{ limits: { '*': '600' } },
		{ title: ' ' },
		{ key: 'Free!' }
	];
	for (const change of wrong)
		expect(tier.safeParse({ ...free, ...change }).success, JSON.stringify(change)).toBe(false);
});
