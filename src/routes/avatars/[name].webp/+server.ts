import { findAvatar } from '#server/avatars/service.ts';
import type { RequestHandler } from './$types';

/** A picture, for whoever knows its name. It never changes under it, and no proxy on the way keeps a copy. */
export const GET: RequestHandler = async ({ params }) =>
	new Response(new Uint8Array(await findAvatar(params.name)), {
		headers: {
			'Content-Type': 'image/webp',
			'Cache-Control': 'private, max-age=31536000, immutable',
			'Content-Security-Policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
		}
	});
