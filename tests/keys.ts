import { db } from '../src/server/db.ts';
import { makeKey, makeOrg, newProgram } from './fixtures.ts';

/** What bounds a key of a test. */
export type Bounds = Parameters<typeof makeKey> extends [unknown, string, ...infer B] ? B : never;

/** An organisation, its admin, a key of theirs, and a call that the key makes. */
export async function startKey(...bounds: Bounds) {
	const { id, slug: org, members } = await makeOrg('org_admin');
	const [admin] = members;
	const key = await makeKey(admin, org, ...bounds);
	return { id, org, admin, key, call: () => key.api.orgs.get({ org }) };
}

/** An organisation with an admin who makes keys. */
export async function startAdmin() {
	const { id, slug: org, members } = await makeOrg('org_admin', 'member');
	const [admin, member] = members;
	return { id, org, admin, member, make: (...bounds: Bounds) => makeKey(admin, org, ...bounds) };
}

/** A key that reads its organisation, where a second admin may end what the first one made. */
export async function startReader(...bounds: Bounds) {
	const { id, slug, members } = await makeOrg('org_admin', 'org_admin');
	const [admin, second] = members;
	const key = await makeKey(admin, slug, ...bounds);
	const read = () => refusalOf(key.api.orgs.get({ org: slug }));
	return { id, slug, admin, second, key, read };
}

/** Why a call was refused; null where it was not. */
export const refusalOf = (call: Promise<unknown>) =>
	call.then(
		() => null,
		(error: { reason?: string }) => error.reason
	);

/** Why a secret opens nothing; null where it does. */
export const live = (org: string, secret: string) => refusalOf(newProgram(secret).api.orgs.get({ org }));

/** What an organisation's copy of its tier says. */
export const grant = (id: string, set: { features?: object; limits?: object }) =>
	db
		.updateTable('org')
		.where('id', '=', id)
		.set(Object.fromEntries(Object.entries(set).map(([name, value]) => [name, JSON.stringify(value)])))
		.execute();

/** Why calls were refused, each reason once. */
export const reasonsOf = (lost: { reason?: string }[]) => [...new Set(lost.map(({ reason }) => reason))];
