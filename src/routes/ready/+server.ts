import { isReady } from '#server/health/service.ts';

/** The process can serve: its database answers. */
export async function GET() {
	const ready = await isReady();
	return Response.json({ status: ready ? 'ok' : 'unavailable' }, { status: ready ? 200 : 503 });
}
