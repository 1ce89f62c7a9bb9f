import { z } from 'zod';
import { ORG_ROLES } from '#lib/roles.ts';
import { line, uuid } from '../fields.ts';
import { countRows, instant, paging, readCursor, toPage } from '../pages.ts';
import { memberProcedure, orgProcedure, router } from '../trpc.ts';
import { listMembers, membersOf } from './queries.ts';
import * as rest from './rest.ts';
import { leave, removeMember, setRole } from './service.ts';

const role = z.enum(ORG_ROLES);
const userId = uuid.toLowerCase();

export const membersRouter = router({
	list: orgProcedure('members.read')
		.meta({ rest: rest.list })
		.input(z.object({ q: line(254).optional(), role: role.optional(), ...paging }))
		.query(async ({ ctx: { tx, org }, input: { q, role, limit, cursor } }) => {
			const after = readCursor(cursor, z.tuple([instant, uuid]));
			const rows = await listMembers(tx, org.id, { q, role, after, limit });
			const total = cursor === undefined ? await countRows(tx, membersOf(tx, org.id, { q, role })) : null;
			return toPage(rows, limit, total, ({ joinedAt, userId }) => [joinedAt, userId]);
		}),

	setRole: orgProcedure('members.write')
		.meta({ rest: rest.setRole })
		.input(z.object({ userId, role }))
		.mutation(async ({ ctx, input }) => {
			await setRole(ctx, input.userId, input.role);
			return { userId: input.userId, role: input.role };
		}),

	remove: orgProcedure('members.write')
		.meta({ rest: rest.remove })
		.input(z.object({ userId }))
		.mutation(async ({ ctx, input }) => {
			await removeMember(ctx, input.userId);
			return { status: 'removed' as const };
		}),

	leave: memberProcedure('org.read').mutation(async ({ ctx }) => {
		await leave(ctx);
		return { status: 'left' as const };
	})
});
