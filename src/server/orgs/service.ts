import { randomInt } from 'node:crypto';
import { slugify } from '#lib/slug.ts';
import type { Db } from '../db.ts';
import { insertMembership, insertOrg } from './queries.ts';

/** Characters of an organisation's name at the most. */
const NAME_LENGTH = 80;

/** A slug's tail where the plain one is taken: over a million, so a few tries always find a free one. */
const tail = () =>
	randomInt(36 ** 4)
		.toString(36)
		.padStart(4, '0');

/** Founds an organisation, with its founder as org_admin, under a slug made of its name. */
export async function foundOrg(tx: Db, founderId: string, name: string) {
	const base = slugify(name);
	const shown = [...name].slice(0, NAME_LENGTH).join('');
	let org = await insertOrg(tx, { slug: base, name: shown });
	while (!org) org = await insertOrg(tx, { slug: `${base}-${tail()}`, name: shown });
	await insertMembership(tx, org.id, { userId: founderId, role: 'org_admin' });
	return org;
}
