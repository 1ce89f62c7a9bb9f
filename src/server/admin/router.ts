import { mergeRouters, router } from '../trpc.ts';
import { figures } from './figures/router.ts';
import { health } from './health/router.ts';
import { impersonationRouter } from './impersonation/router.ts';
import { jobsRouter } from './jobs/router.ts';
import { logRouter } from './log/router.ts';
import { mailRouter } from './mail/router.ts';
import { orgsRouter } from './orgs/router.ts';
import { settingsRouter } from './settings/router.ts';
import { tiersRouter } from './tiers/router.ts';
import { usersRouter } from './users/router.ts';

export const adminRouter = mergeRouters(
	impersonationRouter,
	router({
		figures,
		health,
		jobs: jobsRouter,
		log: logRouter,
		mail: mailRouter,
		orgs: orgsRouter,
		settings: settingsRouter,
		tiers: tiersRouter,
		users: usersRouter
	})
);
