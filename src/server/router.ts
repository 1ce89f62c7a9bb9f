import { accountRouter } from './accounts/router.ts';
import { addressRouter } from './addresses/router.ts';
import { adminRouter } from './admin/router.ts';
import { apiKeysRouter } from './apikeys/router.ts';
import { assistantRouter } from './assistant/router.ts';
import { auditRouter } from './audit/router.ts';
import { authRouter } from './auth/router.ts';
import { customersRouter } from './customers/router.ts';
import { exportsRouter } from './exports/router.ts';
import { invitationsRouter } from './invitations/router.ts';
import { leavingRouter } from './leaving/router.ts';
import { membersRouter } from './members/router.ts';
import { connectionsRouter, oauthRouter } from './oauth/router.ts';
import { orgsRouter } from './orgs/router.ts';
import { passwordRouter, proofRouter } from './passwords/router.ts';
import { sessionsRouter } from './sessions/router.ts';
import { settingsRouter } from './settings/router.ts';
import { creditsRouter } from './spend/router.ts';
import { todosRouter } from './todos/router.ts';
import { createCallerFactory, mergeRouters, router, type Meta } from './trpc.ts';
import { usageRouter } from './usage/router.ts';

export const appRouter = router({
	account: mergeRouters(
		accountRouter,
		addressRouter,
		connectionsRouter,
		exportsRouter,
		leavingRouter,
		proofRouter,
		sessionsRouter
	),
	admin: adminRouter,
	apiKeys: apiKeysRouter,
	assistant: assistantRouter,
	audit: auditRouter,
	auth: authRouter,
	credits: creditsRouter,
	customers: customersRouter,
	invitations: invitationsRouter,
	members: membersRouter,
	oauth: oauthRouter,
	orgs: orgsRouter,
	password: passwordRouter,
	settings: settingsRouter,
	todos: todosRouter,
	usage: usageRouter
});
export type AppRouter = typeof appRouter;
export const createCaller = createCallerFactory(appRouter);

export const isProcedure = (path: string): boolean => Object.hasOwn(appRouter._def.procedures, path);

type Mounted = { _def: { type: 'query' | 'mutation'; meta?: Meta } };

/** Every mounted procedure, who may call it, and what else its base enforces; by path. */
export const accessTable = () =>
	Object.entries(appRouter._def.procedures as unknown as Record<string, Mounted>)
		.map(
			([
				path,
				{
					_def: { type, meta = {} }
				}
			]) => {
				const { access, alone = false, limit, own = false, people = false, proof = false } = meta;
				return { path, type, access, alone, limit, own, people, proof };
			}
		)
		.sort((a, b) => a.path.localeCompare(b.path));
