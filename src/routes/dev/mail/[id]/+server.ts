import { error } from '@sveltejs/kit';
import { findSentMail } from '#server/mail/service.ts';
import type { RequestHandler } from './$types';

/** One mail as it looks, for the frame of `/dev/mail`: mail has its styles inline, so it gets a policy of its own. */
export const GET: RequestHandler = async ({ params }) => {
	const mail = await findSentMail(params.id);
	if (!mail) error(404, 'There is no such mail.');
	return new Response(mail.html.replace('<head>', '<head><base target="_top">'), {
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy':
				"default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation"
		}
	});
};
