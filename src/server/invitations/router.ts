import { z } from 'zod';
import { ORG_ROLES } from '#lib/roles.ts';
import { setSessionCookies } from '../auth/session.ts';
import { db } from '../db.ts';
import { email, password, personName, token, uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import type { Settings } from '../settings.ts';
import { orgProcedure, publicProcedure, router, userProcedure } from '../trpc.ts';
import { accept, acceptAsNew, acceptMine, decline, declineMine, findInvitation } from './acceptance.ts';
import { listMine } from './answers.ts';
import { invitationsOf, listInvitations } from './queries.ts';
import * as rest from './rest.ts';
import { inviteMany, inviteOne, resend, revoke } from './service.ts';

/** The deployment's say in invitations. */
const invitingBy = ({ invitationDays: days, limits }: Settings) => ({ days, factor: limits.factor });

const role = z.enum(ORG_ROLES);
const invitingProcedure = orgProcedure('members.invite');

/** Each stands for itself: what is no address is an outcome, and refuses none of the others. */
const addresses = z
	.array(z.string().transform((text) => ({ text, email: email.safeParse(text).data })))
	.min(1, 'Enter at least one address.')
	.max(50, 'Enter at most 50 addresses at once.');

export const invitationsRouter = router({
	list: invitingProcedure
		.meta({ rest: rest.list })
		.input(z.object(paging))
		.query(async ({ ctx: { tx, org }, input: { limit, cursor } }) => {
			const after = readCursor(cursor, z.tuple([instant, uuid]));
			const rows = await listInvitations(tx, org.id, after, limit);
			const total = cursor === undefined ? await countRows(tx, invitationsOf(tx, org.id)) : null;
			return toPage(rows, limit, total, ({ createdAt, id }) => [createdAt, id]);
		}),

	create: invitingProcedure
		.meta({ rest: rest.create })
		.input(z.object({ email, role }))
		.mutation(({ ctx, input: { email, role } }) => inviteOne(ctx, email, { role, ...invitingBy(ctx.settings) })),

	createMany: invitingProcedure
		.meta({ rest: rest.createMany })
		.input(z.object({ emails: addresses, role }))
		.mutation(({ ctx, input: { emails, role } }) => inviteMany(ctx, emails, { role, ...invitingBy(ctx.settings) })),

	resend: invitingProcedure
		.meta({ rest: rest.resend })
		.input(z.object({ id: uuid }))
		.mutation(({ ctx, input }) => resend(ctx, input.id, invitingBy(ctx.settings))),

	revoke: invitingProcedure
		.meta({ rest: rest.revoke })
		.input(z.object({ id: uuid }))
		.mutation(async ({ ctx, input }) => {
			await revoke(ctx, input.id);
			return { revoked: true as const };
		}),

	get: publicProcedure
		.meta({ limit: 'token' })
		.input(z.object({ token }))
		.query(({ input }) => findInvitation(input.token)),

	accept: userProcedure
		.meta({ alone: true, limit: 'token' })
		.input(z.object({ token }))
		.mutation(({ ctx, input }) => accept(ctx.actor, input.token)),

	acceptAsNew: publicProcedure
		.meta({ alone: true, limit: 'token' })
		.input(
			z.object({
				token,
				password,
				firstName: personName.nullable().default(null),
				lastName: personName.nullable().default(null)
			})
		)
		.mutation(async ({ ctx, input: { token, ...person } }) => {
			const { org, session } = await acceptAsNew(ctx.actor, token, person, ctx.settings);
			setSessionCookies(ctx.cookies, session);
			return { csrfToken: session.csrfToken, org };
		}),

	decline: publicProcedure
		.meta({ limit: 'token' })
		.input(z.object({ token }))
		.mutation(async ({ ctx, input }) => {
			await decline(ctx.actor, input.token);
			return { status: 'declined' as const };
		}),

	mine: userProcedure.query(({ ctx }) => listMine(db, ctx.actor.user.id)),

	acceptMine: userProcedure
		.meta({ alone: true })
		.input(z.object({ id: uuid }))
		.mutation(({ ctx, input }) => acceptMine(ctx.actor, input.id)),

	declineMine: userProcedure.input(z.object({ id: uuid })).mutation(async ({ ctx, input }) => {
		await declineMine(ctx.actor, input.id);
		return { status: 'declined' as const };
	})
});
