import { sql } from 'kysely';
import { acted, ofOrg, type Rule } from './rule.ts';

/** What belongs to organisations, or is kept for them. */
export const shared = {
	apiKey: {
		erase: 'anonymise',
		theirs: ({ keys }) => sql`t.id = any(${keys}::uuid[])`,
		// Without its maker it is dead, so nobody enters by it from anywhere else.
		set: sql`last_used_ip = null, allowed_ips = null`,
		holds: ['maker_id', 'name', 'last_used_ip', 'allowed_ips'],
		exported: 'name, role, allowed_ips, created_at, expires_at, revoked_at, last_used_at, last_used_ip'
	},
	apiKeyCall: {
		erase: 'anonymise',
		theirs: ({ keys }) => sql`(t.org_id, t.key_id) in (select org_id, id from api_key where id = any(${keys}::uuid[]))`,
		set: sql`ip = ''`,
		holds: ['ip'],
		exported: 'at, procedure, outcome, ip'
	},
	org: {
		erase: 'delete',
		theirs: ({ orgs }) => sql`t.id = any(${orgs}::uuid[])`,
		holds: ['name', 'slug', 'created_by', 'suspension_reason']
	},
	auditLog: {
		erase: 'keep',
		why: 'It says what happened in an organisation, whoever leaves.',
		log: 'audit_log',
		theirs: acted,
		holds: [
			'actor_id',
			'actor_name',
			'impersonator_id',
			'session_handle',
			'target',
			'target_id',
			'details',
			'ip',
			'device'
		],
		// What an operator did for them is theirs to know, but not from where.
		exported: `at, action,
			case when impersonator_id is null then ip end as ip, case when impersonator_id is null then device end as device`
	},
	adminLog: {
		erase: 'keep',
		why: 'It says what those changed who run the service, and whose account.',
		log: 'admin_log',
		theirs: ({ id }) => sql`(t.actor_id = ${id} or t.target_id = ${id})`,
		holds: ['actor_id', 'session_handle', 'target', 'target_id', 'details', 'ip', 'device'],
		exported: 'at, action'
	},
	spendLedger: {
		erase: 'keep',
		why: 'Its movements must add up, also to whoever paid for them.',
		log: 'spend_ledger',
		theirs: ({ id }) => sql`
			t.actor_id = ${id} and t.org_id in (select org_id from membership where user_id = ${id})`,
		holds: ['actor_id', 'purpose', 'reference'],
		exported: 'at, kind, bucket, amount, model'
	},
	spendReservation: {
		erase: 'keep',
		why: 'A call under way; it is gone within minutes.',
		holds: ['actor_id', 'purpose']
	},
	usageDay: {
		erase: 'keep',
		why: 'What an organisation used stays used.',
		theirs: ({ id }) => sql`
			t.actor_id = ${id} and t.actor_kind = 'user'
			and t.org_id in (select org_id from membership where user_id = ${id})`,
		holds: ['actor_id'],
		exported: 'day, measure, used'
	},
	apiKeyMonth: ofOrg(),
	apiKeySecret: ofOrg(),
	apiKeyUse: ofOrg(),
	customer: ofOrg('name', 'email', 'phone', 'notes'),
	customerWord: ofOrg('email'),
	invitationCount: ofOrg(),
	orgSetting: ofOrg('value'),
	orgSlug: ofOrg('slug'),
	quotaUse: ofOrg(),
	spendBalance: ofOrg()
} satisfies Record<string, Rule>;
