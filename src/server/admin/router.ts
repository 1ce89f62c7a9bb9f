import { mergeRouters, router } from '../trpc.ts';
import { impersonationRouter } from './impersonation/router.ts';
import { logRouter } from './log/router.ts';
import { orgsRouter } from './orgs/router.ts';
import { settingsRouter } from './settings/router.ts';
import { usersRouter } from './users/router.ts';

export const adminRouter = mergeRouters(
	impersonationRouter,
	router({ log: logRouter, orgs: orgsRouter, settings: settingsRouter, users: usersRouter })
);
