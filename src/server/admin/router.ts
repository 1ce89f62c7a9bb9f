import { router } from '../trpc.ts';
import { logRouter } from './log/router.ts';
import { orgsRouter } from './orgs/router.ts';
import { settingsRouter } from './settings/router.ts';

export const adminRouter = router({ log: logRouter, orgs: orgsRouter, settings: settingsRouter });
