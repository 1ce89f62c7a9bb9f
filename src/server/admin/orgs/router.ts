import { z } from 'zod';
import { db } from '../../db.ts';
import { email, line, newSlug, orgName, slug, uuid } from '../../fields.ts';
import { findOrg } from '../../orgs/service.ts';
import { countRows, instant, paging, readCursor, toPage } from '../../pages.ts';
import { AppError } from '../../errors.ts';
import { adminProcedure, router } from '../../trpc.ts';
import { listMembers, listOrgs, membersOf, ORG_SORTS, ORG_STANDINGS, orgsOf } from './queries.ts';
import { activateOrg, changeOrg, createOrgFor, inviteAdminTo, readOrg, setTierOf, suspendOrg } from './service.ts';

const listed = z.object({
	q: line(254).optional(),
	tier: line(32).optional(),
	standing: z.enum(ORG_STANDINGS).optional(),
	sort: z.enum(ORG_SORTS).default('createdAt'),
	direction: z.enum(['asc', 'desc']).optional(),
	...paging
});

const inOrg = z.object({ org: slug });
const reason = line(500).refine((value) => value.length >= 3, 'Say why, in 3 to 500 characters.');

export const orgsRouter = router({
	list: adminProcedure
		.input(listed.prefault({}))
		.query(async ({ input: { limit, cursor, q, tier, standing, sort, direction } }) => {
			const filter = { q, tier, standing };
			const order = { sort, direction: direction ?? (sort === 'name' ? ('asc' as const) : ('desc' as const)) };
			const after = readCursor(cursor, z.tuple([sort === 'name' ? z.string() : instant, uuid]));
			const rows = await listOrgs(db, { ...filter, ...order, after, limit });
			const total = after ? null : await countRows(db, orgsOf(db, filter).select('id'));
			return toPage(rows, limit, total, (last) => [sort === 'name' ? last.name : last.createdAt, last.id]);
		}),

	get: adminProcedure.input(inOrg).query(({ input }) => readOrg(input.org)),

	members: adminProcedure.input(inOrg.extend(paging)).query(async ({ input: { org: asked, limit, cursor } }) => {
		const org = await findOrg(db, asked);
		if (!org) throw new AppError('not_found', 'Organization not found.');
		const after = readCursor(cursor, z.tuple([instant, uuid]));
		const rows = await listMembers(db, org.id, { after, limit });
		const total = after ? null : await countRows(db, membersOf(db, org.id).select('userId'));
		return toPage(rows, limit, total, ({ joinedAt, userId }) => [joinedAt, userId]);
	}),

	create: adminProcedure
		.input(z.object({ name: orgName, slug: newSlug.optional(), adminEmail: email }))
		.mutation(({ ctx, input: { adminEmail, ...chosen } }) =>
			createOrgFor(ctx.actor, adminEmail, chosen, ctx.settings.invitationDays)
		),

	inviteAdmin: adminProcedure
		.input(z.object({ org: slug, email }))
		.mutation(({ ctx, input }) => inviteAdminTo(ctx.actor, input.org, input.email, ctx.settings.invitationDays)),

	update: adminProcedure
		.input(inOrg.extend({ name: orgName.optional(), slug: newSlug.optional() }))
		.mutation(({ ctx, input: { org, name, slug } }) => changeOrg(ctx.actor, org, { name, slug })),

	suspend: adminProcedure
		.meta({ proof: true })
		.input(inOrg.extend({ reason }))
		.mutation(async ({ ctx, input }) => {
			await suspendOrg(ctx.actor, input.org, input.reason);
			return { status: 'suspended' as const };
		}),

	activate: adminProcedure.input(inOrg).mutation(async ({ ctx, input }) => {
		await activateOrg(ctx.actor, input.org);
		return { status: 'open' as const };
	}),

	setTier: adminProcedure.input(inOrg.extend({ tier: line(32) })).mutation(async ({ ctx, input }) => {
		await setTierOf(ctx.actor, input.org, input.tier);
		return { tier: input.tier };
	})
});
