import { isReachable } from '#server/db.ts';

/** The process can serve: its database answers. */
export async function GET() {
	const ready = await isReachable();
	return Response.json({ status: ready ? 'ok' : 'unavailable' }, { status: ready ? 200 : 503 });
}
