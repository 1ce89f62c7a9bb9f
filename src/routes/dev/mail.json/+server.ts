import { listSentMail } from '#server/mail/service.ts';
import type { RequestHandler } from './$types';

export const GET: RequestHandler = async ({ url }) =>
	Response.json(await listSentMail(url.searchParams.get('to') ?? undefined));
