import { expect, test } from 'vitest';
import { makeOrg } from '../../../tests/fixtures.ts';
import { db, transaction, violates, type Db } from '../db.ts';

type Person = Awaited<ReturnType<typeof makeOrg<['org_admin']>>>['members'][0];

const ROUNDS = 100;

const admins = (orgId: string) =>
	db.selectFrom('membership').where('orgId', '=', orgId).where('role', '=', 'org_admin').select('userId').execute();

const restore = (orgId: string, people: Person[]) =>
	db
		.insertInto('membership')
		.values(people.map(({ id }) => ({ orgId, userId: id, role: 'org_admin' as const })))
		.onConflict((conflict) => conflict.columns(['orgId', 'userId']).doUpdateSet({ role: 'org_admin' }))
		.execute();

const remove = (org: string, by: Person, { id }: Person) => by.api.members.remove({ org, userId: id });
const demote = (org: string, by: Person, { id }: Person) =>
	by.api.members.setRole({ org, userId: id, role: 'readonly' });
const leave = (org: string, by: Person) => by.api.members.leave({ org });

const CLASHES = {
	'remove each other': [remove, remove],
	'demote each other': [demote, demote],
	'leave together': [leave, leave],
	'remove and demote each other': [remove, demote],
	'remove and leave': [remove, leave],
	'leave and demote': [leave, demote]
} as const;

test.for(Object.entries(CLASHES))(
	`two admins who %s at once leave one, a hundred times`,
	async ([, [first, second]]) => {
		const { id, slug, members } = await makeOrg('org_admin', 'org_admin', 'member');
		const [ada, bob] = members;
		for (let round = 0; round < ROUNDS; round++) {
			await restore(id, [ada, bob]);
			const outcomes = await Promise.allSettled([first(slug, ada, bob), second(slug, bob, ada)]);
			const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as object] : []));
			expect(await admins(id)).toHaveLength(1);
			const reason = expect.stringMatching(/^(not_found|forbidden|conflict)$/) as string;
			for (const error of refused) expect(error).toMatchObject({ reason });
		}
	}
);

test('twenty admins who all leave at once leave one', async () => {
	const org = await makeOrg(...Array.from({ length: 20 }, () => 'org_admin' as const));
	await Promise.allSettled(org.members.map(({ api }) => api.members.leave({ org: org.slug })));
	expect(await admins(org.id)).toHaveLength(1);
});

const WALLS: Record<string, (tx: Db, orgId: string, userId: string) => Promise<unknown>> = {
	removed: (tx, orgId, userId) =>
		tx.deleteFrom('membership').where('orgId', '=', orgId).where('userId', '=', userId).execute(),
	demoted: (tx, orgId, userId) =>
		tx
			.updateTable('membership')
			.where('orgId', '=', orgId)
			.where('userId', '=', userId)
			.set({ role: 'member' })
			.execute()
};

test.for(Object.entries(WALLS))('the database itself keeps the last admin from being %s', async ([, take]) => {
	const { id, members } = await makeOrg('org_admin', 'org_admin');
	const [ada, bob] = members;
	const [one, two] = [await db.startTransaction().execute(), await db.startTransaction().execute()];
	await take(one, id, ada.id);
	const waits = take(two, id, bob.id).catch((error: unknown) => error);
	await one.commit().execute();
	expect(violates(await waits, 'membership_keeps_an_admin')).toBe(true);
	await two.rollback().execute();
	expect(await admins(id)).toEqual([{ userId: bob.id }]);
	const last = transaction((tx) => take(tx, id, bob.id)).catch((error: unknown) => error);
	expect(violates(await last, 'membership_keeps_an_admin')).toBe(true);
});
