import { AUDIT_ACTIONS } from '#lib/audit.ts';

const DAY_MS = 86_400_000;

/** The first moment of a day in UTC, or of a later one; nothing when it is no day. */
function startOf(day: string | null, later = 0): string | undefined {
	const at = /^\d{4}-\d{2}-\d{2}$/.test(day ?? '') ? Date.parse(`${day}T00:00:00Z`) + later * DAY_MS : NaN;
	return at >= 0 ? new Date(at).toISOString() : undefined;
}

/** What a log is filtered by, as the address says it in words and whole days; what makes no sense is left out. */
export function filterOf({ searchParams }: URL) {
	const actorId = searchParams.get('actorId') ?? '';
	return {
		action: AUDIT_ACTIONS.find((action) => action === searchParams.get('action')),
		actorId: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(actorId) ? actorId : undefined,
		from: startOf(searchParams.get('from')),
		// The last day counts to its end.
		to: startOf(searchParams.get('to'), 1)
	};
}
