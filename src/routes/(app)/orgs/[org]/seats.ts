import { findMore, UNLIMITED } from '#lib/plans.ts';
import { can, type OrgRole } from '#lib/roles.ts';

/** How many members an organisation has and may have, and the plan that includes more; nothing where there is no end. */
export async function readSeats(api: App.Locals['api'], { slug, role }: { slug: string; role: OrgRole }) {
	if (!can(role, 'usage.read')) return null;
	const { features, plans } = await api.usage.summary({ org: slug });
	const quota = features.find(({ key }) => key === 'members');
	if (quota?.kind !== 'quota' || quota.limit === UNLIMITED) return null;
	const { used, limit } = quota;
	return { used, limit, isFull: used >= limit, more: findMore(plans, 'members', limit) };
}

export type Seats = Awaited<ReturnType<typeof readSeats>>;
