import { DEMO_PASSWORD, DEMO_PEOPLE } from '../../../../db/demo.ts';
import { accessTable } from '#server/router.ts';
import type { RequestHandler } from './$types';

/** Who is who in the demo data, and who may call what, as the routers say it. */
export const GET: RequestHandler = () =>
	Response.json({
		people: DEMO_PEOPLE.map((person) => ({ ...person, password: DEMO_PASSWORD })),
		procedures: accessTable()
	});
