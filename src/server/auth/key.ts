import { lesserBound } from '#lib/plans.ts';
import { keyPermissions, lesser, type KeyPermission, type KeyRole, type OrgRole } from '#lib/roles.ts';
import { isWithin } from '../apikeys/networks.ts';
import { noteOutsideCall } from '../apikeys/metering.ts';
import { isKey } from '../apikeys/secret.ts';
import type { TierLimits } from '../limit.ts';
import { hashToken } from '../crypto.ts';
import { pool } from '../db.ts';
import { AppError } from '../errors.ts';

/** A program's key as this request found it, with what it may do at this moment. */
export type ApiKey = {
	id: string;
	name: string;
	/** The calls a month are those of all its keys; -1 is without an end. */
	org: { id: string; slug: string; name: string; limits: TierLimits; monthlyCalls: number };
	role: OrgRole;
	permissions: KeyPermission[];
	/** Calls that it may make in a minute. */
	ratePerMinute: number;
	/** Calls of its own that it may make in a month of its organisation; null is without an end. */
	monthlyCalls: number | null;
};

const ENDED = {
	revoked: 'This API key was revoked.',
	expired: 'This API key has expired.',
	rotated: 'This API key was rotated. Use the key that took its place.',
	left: 'Whoever made this API key has left the organization. Ask one of its admins for a new one.',
	away: 'Whoever made this API key has gone for a while. Ask an admin of the organization for a new one.',
	suspended: 'Whoever made this API key is suspended. Ask an admin of the organization for a new one.',
	closed: 'The organization of this API key is suspended. Its admins can contact support.'
};

type Row = {
	id: string;
	name: string;
	orgId: string;
	slug: string;
	orgName: string;
	role: KeyRole;
	makerRole: OrgRole;
	permissions: KeyPermission[] | null;
	allowedIps: string[] | null;
	ratePerMinute: number | null;
	monthlyCalls: number | null;
	limits: TierLimits;
	orgCalls: number;
	ended: keyof typeof ENDED | null;
};

// A call begins with this lookup, so it is one prepared statement, as a session's is. Nothing is compared but hashes.
const LOOKUP = `
	select k.id, k.name, k.role, k.permissions, k.allowed_ips as "allowedIps", m.role as "makerRole",
		o.id as "orgId", o.slug, o.name as "orgName", o.limits,
		coalesce((o.features -> 'api_calls')::double precision, 0) as "orgCalls",
		k.rate_per_minute as "ratePerMinute", k.monthly_calls as "monthlyCalls",
		case
			when m.user_id is null then 'left'
			when k.revoked_at is not null then 'revoked'
			when k.expires_at <= now() then 'expired'
			when s.expires_at <= now() then 'rotated'
			when u.deactivated_at is not null then 'away'
			when is_suspended(u) then 'suspended'
			when o.suspended_at is not null then 'closed'
		end as ended
	from api_key_secret s
	join api_key k on k.id = s.key_id
	join org o on o.id = k.org_id
	left join membership m on m.org_id = k.org_id and m.user_id = k.maker_id
	left join "user" u on u.id = m.user_id
	where s.hash = $1`;

/** Calls a minute where neither the key nor the tier says a number: more than a process answers. */
const MOST = 1_000_000;

/** A key was sent from where it may not be used; the answer is to it all the same. */
export class OutsideError extends AppError {
	readonly key: ApiKey;
	constructor(key: ApiKey) {
		super('forbidden', 'This API key may not be used from this address.');
		this.key = key;
	}
}

const refused = (message: string) => new AppError('unauthenticated', message);

/** What a program sent to say who it is; other schemes than Bearer are not for us, such as that of a proxy before us. */
export const bearerOf = (headers: Headers): string | undefined =>
	headers.get('authorization')?.match(/^bearer(?: +|$)(.*)$/i)?.[1];

/**
 * The live key that a program sent from an address.
 * @throws {AppError} `unauthenticated`; an `OutsideError` from an address that it does not allow
 */
export async function readKey(sent: string, ip: string): Promise<ApiKey> {
	if (!isKey(sent)) throw refused('This is no API key. A key looks like gh_… and is sent whole.');
	const lookup = { name: 'api_key', text: LOOKUP, values: [hashToken(sent)] };
	const [row] = (await pool.query<Row>(lookup)).rows;
	if (!row) throw refused('There is no such API key.');
	if (row.ended) throw refused(ENDED[row.ended]);
	const key = toKey(row);
	if (!row.allowedIps || isWithin(ip, row.allowedIps)) return key;
	noteOutsideCall(key, ip);
	throw new OutsideError(key);
}

function toKey(row: Row): ApiKey {
	const { id, name, orgId, slug, orgName, limits, orgCalls, monthlyCalls } = row;
	const ratePerMinute = lesserBound(row.ratePerMinute, limits['*']) ?? MOST;
	const role = lesser(row.role, row.makerRole);
	const permissions = keyPermissions(role, row.permissions);
	const org = { id: orgId, slug, name: orgName, limits, monthlyCalls: orgCalls };
	return { id, name, org, role, permissions, ratePerMinute, monthlyCalls };
}
