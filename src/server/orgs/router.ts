import { orgProcedure, router } from '../trpc.ts';

export const orgsRouter = router({
	get: orgProcedure('org.read').query(({ ctx: { org } }) => org)
});
