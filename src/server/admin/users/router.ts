import { z } from 'zod';
import { displayName } from '#lib/format.ts';
import { TOTAL_LIMIT } from '#lib/limits.ts';
import { STANDINGS } from '#lib/standing.ts';
import { listEvents, selectEvents } from '../../accounts/service.ts';
import { IDLE } from '../../auth/session.ts';
import { db } from '../../db.ts';
import { email, isStorable, line, paragraphs, personName, uuid } from '../../fields.ts';
import { listConnections } from '../../oauth/service.ts';
import { countRows, instant, paging, readCursor, toPage } from '../../pages.ts';
import { adminProcedure, router } from '../../trpc.ts';
import * as queries from './queries.ts';
import { countPeople, DIRECTIONS, placeOf, selectPeople, SORTS, toItem, type Place } from './search.ts';
import * as service from './service.ts';

/** Where a page ended: at a text or a moment, whatever the list is sorted by, and at an id. */
const text = z.string().refine((value) => isStorable(value));
const place = {
	createdAt: z.tuple([instant, uuid]),
	name: z.tuple([text, uuid]),
	email: z.tuple([text, uuid]),
	lastSeenAt: z.tuple([instant.nullable(), uuid])
};

/** An event is found again by its moment and, among those of that moment, by its id. */
const event = z.tuple([instant, uuid]);

const filter = {
	q: line(254).optional(),
	standing: z.enum(STANDINGS).optional(),
	verified: z.boolean().optional(),
	sysAdmin: z.boolean().optional()
};

const order = { sort: z.enum(SORTS).default('createdAt'), direction: z.enum(DIRECTIONS).default('desc') };

const person = z.object({ userId: uuid.toLowerCase() });

const newPerson = z.object({
	email,
	firstName: personName.nullable().default(null),
	lastName: personName.nullable().default(null)
});

const suspension = z.object({
	reason: paragraphs(1000).refine((value) => value !== '', 'Say why, for whoever looks at this later.'),
	until: instant.nullable().default(null)
});

/** A person with what they have; a suspension that is over is none. */
async function describe(userId: string) {
	const found = await queries.findPerson(db, userId);
	if (!found) throw service.missing();
	const { suspendedAt, suspendedUntil: until, suspensionReason: reason, emailVerifiedAt, ...person } = found;
	return {
		...person,
		name: displayName(person),
		verified: emailVerifiedAt !== null,
		suspension: person.standing === 'suspended' ? { at: suspendedAt!, until, reason } : null,
		orgs: await queries.listOrgs(db, userId),
		sessions: await queries.listSessions(db, userId, IDLE),
		connections: await listConnections(db, userId),
		keys: await queries.listKeys(db, userId)
	};
}

export const usersRouter = router({
	list: adminProcedure
		.input(z.object({ ...filter, ...order, ...paging }).prefault({}))
		.query(async ({ input: { sort, direction, limit, cursor, ...filter } }) => {
			const after = readCursor<Place>(cursor, place[sort]);
			const found = await countPeople(db, filter);
			const rows = await selectPeople(db, filter, { sort, direction, after, limit: limit + 1 }, found).execute();
			const page = toPage(rows, limit, after ? null : Math.min(found, TOTAL_LIMIT), (last) => placeOf(sort, last));
			return { ...page, items: page.items.map(toItem) };
		}),

	get: adminProcedure.input(person).query(({ input }) => describe(input.userId)),

	activity: adminProcedure.input(person.extend(paging)).query(async ({ input: { userId, limit, cursor } }) => {
		const after = readCursor(cursor, event);
		const rows = await listEvents(db, userId, after, limit + 1);
		const total = after ? null : await countRows(db, selectEvents(db, userId));
		return toPage(rows, limit, total, ({ at, id }) => [at, id]);
	}),

	create: adminProcedure
		.input(newPerson)
		.mutation(({ ctx, input }) => service.createPerson(ctx.actor, input, ctx.settings)),

	verify: adminProcedure.input(person).mutation(async ({ ctx, input }) => {
		await service.verifyPerson(ctx.actor, input.userId);
		return { status: 'verified' as const };
	}),

	suspend: adminProcedure
		.meta({ proof: true })
		.input(person.extend(suspension.shape))
		.mutation(async ({ ctx, input: { userId, reason, until } }) => {
			await service.suspendPerson(ctx.actor, userId, { reason, until });
			return { status: 'suspended' as const };
		}),

	activate: adminProcedure.input(person).mutation(async ({ ctx, input }) => {
		await service.activatePerson(ctx.actor, input.userId);
		return { status: 'active' as const };
	}),

	endSessions: adminProcedure
		.meta({ proof: true })
		.input(person)
		.mutation(async ({ ctx, input }) => ({ ended: await service.endSessionsOf(ctx.actor, input.userId) })),

	sendReset: adminProcedure.input(person).mutation(async ({ ctx, input }) => {
		await service.sendReset(ctx.actor, input.userId);
		return { status: 'sent' as const };
	}),

	anonymize: adminProcedure
		.meta({ proof: true })
		.input(person)
		.mutation(async ({ ctx, input: { userId } }) => {
			await service.anonymizePerson(ctx.actor, userId);
			return { status: 'anonymized' as const };
		}),

	setSysAdmin: adminProcedure
		.meta({ proof: true })
		.input(person.extend({ value: z.boolean() }))
		.mutation(async ({ ctx, input: { userId, value } }) => {
			await service.setSysAdmin(ctx.actor, userId, value);
			return { userId, sysAdmin: value };
		})
});
