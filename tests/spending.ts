import { sql } from 'kysely';
import type pg from 'pg';
import { findDifferences } from '../db/check-ledger.ts';
import type { Model } from '#server/assistant/model.ts';
import { openAi } from '#server/assistant/openai.ts';
import { db, pool } from '#server/db.ts';
import { findSpend } from '#server/spend/service.ts';
import { inside } from './customers.ts';
import { makeOrg, makeUser, newEmail } from './fixtures.ts';

/** The key that the deployment of a test calls its provider with. */
export const KEY = 'sk-canary';

export const modelAt = (baseUrl: string): Model => openAi({ baseUrl, apiKey: KEY, name: 'gpt-test' });

export const NOTES = 'Ada called on Monday. She wants an offer for twenty seats. Call her back.';

/** Grants an organisation so many AI tokens a month. */
export const allow = (orgId: string, tokens: number) =>
	sql`update org set features = features || jsonb_build_object('ai_tokens', ${tokens}::bigint) where id = ${orgId}`.execute(
		db
	);

/** An organisation with so many tokens and a customer, an admin of it, and a reader whose deployment has this model. */
export async function newSpender(model: Model, tokens: number, notes: string | null = NOTES) {
	const { id, slug: org, members } = await makeOrg('org_admin');
	await allow(id, tokens);
	const reader = await makeUser({}, { model });
	await db.insertInto('membership').values({ orgId: id, userId: reader.id, role: 'readonly' }).execute();
	const { id: customerId } = await inside(id, (tx) =>
		tx
			.insertInto('customer')
			.values({ orgId: id, name: 'Ada', email: newEmail(), notes })
			.returning('id')
			.executeTakeFirstOrThrow()
	);
	const summarize = () => reader.api.assistant.summarize({ org, id: customerId });
	return { id, org, admin: members[0], reader, customerId, summarize };
}

/** All that was booked for an organisation, oldest first. */
export const ledgerOf = (orgId: string) =>
	inside(orgId, async (tx) => {
		const rows = await tx
			.selectFrom('spendLedger')
			.where('orgId', '=', orgId)
			.orderBy('at')
			// Of one millisecond: "allot" comes before "reserve", and that before "settle".
			.orderBy('kind')
			.orderBy('bucket')
			.select(['kind', 'bucket', 'amount', 'cost', 'actorKind', 'actorId', 'purpose', 'model', 'reference'])
			.execute();
		return rows.map(({ amount, cost, ...row }) => ({ ...row, amount: Number(amount), cost: Number(cost) }));
	});

export const spendOf = (orgId: string) => inside(orgId, (tx) => findSpend(tx, orgId));

/** What differs between an organisation's balances and its ledger. */
export async function differencesOf(orgId: string) {
	const client = await pool.connect();
	try {
		return (await findDifferences(client as pg.ClientBase)).filter(({ org }) => org === orgId);
	} finally {
		client.release();
	}
}

/** Lets every call of an organisation that is under way have begun so many minutes ago. */
export const age = (orgId: string, minutes: number) =>
	inside(orgId, (tx) =>
		sql`update spend_reservation set at = now() - make_interval(mins => ${minutes}) where org_id = ${orgId}`.execute(tx)
	);
