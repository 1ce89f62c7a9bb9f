import { db } from '../src/server/db.ts';
import { makeKey, makeOrg } from './fixtures.ts';

/** What bounds a key of a test. */
export type Bounds = Parameters<typeof makeKey> extends [unknown, string, ...infer B] ? B : never;

/** An organisation, its admin, a key of theirs, and a call that the key makes. */
export async function startKey(...bounds: Bounds) {
	const { id, slug: org, members } = await makeOrg('org_admin');
	const [admin] = members;
	const key = await makeKey(admin, org, ...bounds);
	return { id, org, admin, key, call: () => key.api.orgs.get({ org }) };
}

/** What an organisation's copy of its tier says. */
export const grant = (id: string, set: { features?: object; limits?: object }) =>
	db
		.updateTable('org')
		.where('id', '=', id)
		.set(Object.fromEntries(Object.entries(set).map(([name, value]) => [name, JSON.stringify(value)])))
		.execute();

/** Why calls were refused, each reason once. */
export const reasonsOf = (lost: { reason?: string }[]) => [...new Set(lost.map(({ reason }) => reason))];
