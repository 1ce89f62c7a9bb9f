import { sql } from 'kysely';
import { addressed, addressedIn, owned, ORGANIZATION, type Rule } from './rule.ts';

const toThem = addressed('to');
const aboutThem = addressed('email');

/** What leads to a person from elsewhere goes before what it is found by. */
const leads = {
	oauthFlow: {
		erase: 'delete',
		theirs: (person) => sql`
			(${aboutThem(person)})
			or t.began_in in (select id from session where user_id = ${person.id})
			or t.session_id in (select id from session where user_id = ${person.id})`,
		holds: ['email', 'subject', 'began_in', 'session_id', 'sealed_session', 'redirect_to', 'error'],
		exported: 'provider, intent, email, created_at'
	},
	'graphile_worker._private_jobs': {
		erase: 'delete',
		theirs: (person) => sql`
			(${addressedIn(sql`t.payload ->> 'email'`)(person)})
			or t.key in (select t.id::text from mail as t where ${toThem(person)})`,
		holds: ['payload', 'last_error', 'key']
	},
	devMail: {
		erase: 'delete',
		// Whom a mail to somebody else names has no column there: in development, such a mail goes as well.
		theirs: (person) => {
			const { emails, untils, names } = person;
			return sql`t.id in (select t.id from mail as t where ${toThem(person)}) or exists (
				select from unnest(${[...emails, ...names]}::text[], ${[...untils, ...names.map(() => 'infinity')]}::timestamptz[])
					as had (word, until)
				where t.sent_at <= until and (
					t."to" = word or length(word) > 3 and position(word in t.subject || t.text) > 0
				)
			)`;
		},
		holds: ['to', 'subject', 'text', 'html']
	},
	mail: {
		erase: 'delete',
		theirs: toThem,
		holds: ['to', 'sealed_props', 'last_error'],
		exported: '"to", template, created_at, sent_at'
	}
} satisfies Record<string, Rule>;

/** In the order in which whoever accepts, signs up or confirms an address locks these: nobody waits in a circle. */
const waiting = {
	invitation: {
		erase: 'delete',
		theirs: (person) => sql`(t.invited_by = ${person.id} or (${aboutThem(person)}))`,
		holds: ['email', 'invited_by'],
		exported: `email, role, created_at, expires_at, ${ORGANIZATION}`
	},
	signUp: {
		erase: 'delete',
		theirs: aboutThem,
		holds: ['email', 'password_hash', 'username', 'first_name', 'last_name', 'organization_name'],
		// Whoever typed the rest need not be whose address it is.
		exported: 'email, created_at'
	},
	emailChange: {
		erase: 'delete',
		// What somebody else asked for with this address leads nowhere, for it was taken.
		theirs: (person) => sql`(${owned(person)} or (${aboutThem(person)}))`,
		holds: ['user_id', 'email'],
		exported: 'email, created_at, expires_at'
	}
} satisfies Record<string, Rule>;

const own = (holds: string[], exported?: string): Rule => ({
	erase: 'delete',
	theirs: owned,
	holds: ['user_id', ...holds],
	...(exported && { exported })
});

const accounts = {
	accountExportPiece: {
		erase: 'delete',
		theirs: ({ id }) => sql`t.export_id in (select id from account_export where user_id = ${id})`,
		holds: ['sealed']
	},
	accountExport: own([], 'created_at, finished_at, expires_at'),
	emailUndo: own(['email'], 'email, created_at, expires_at'),
	formerAddress: own(['email'], 'email, until'),
	accountEvent: {
		...own(['details', 'ip', 'device', 'impersonator_id'], 'at, action, details, ip, device'),
		// What they did as somebody else is that person's to read, and is not to say from where they did it.
		elsewhere: { theirs: ({ id }) => sql`t.impersonator_id = ${id}`, set: sql`ip = '', device = ''` }
	},
	avatar: own(['name', 'picture'], 'picture'),
	identity: own(['subject', 'email'], 'provider, subject, email, linked_at'),
	restoration: {
		erase: 'anonymise',
		theirs: owned,
		set: sql`user_id = null`,
		holds: ['user_id']
	},
	session: own(
		['handle', 'impersonator_session_id', 'ip', 'device'],
		'ip, device, remembered, created_at, last_seen_at, expires_at'
	),
	todo: own(['title'], 'title, done, created_at'),
	token: own(['email'], 'kind, email, created_at, expires_at'),
	userSetting: own(['value'], 'key, value')
} satisfies Record<string, Rule>;

/** Last of all: what else there is of a person is found by these. */
export const person = {
	membership: own([], `role, created_at, ${ORGANIZATION}`),
	user: {
		erase: 'delete',
		theirs: ({ id }) => sql`t.id = ${id}`,
		holds: [
			'email',
			'username',
			'first_name',
			'last_name',
			'avatar_url',
			'password_hash',
			'time_zone',
			'suspension_reason',
			'search_name',
			'search_last_name'
		],
		exported: `id, email, username, first_name, last_name, avatar_url, time_zone, sys_admin, created_at,
			email_verified_at, last_seen_at, suspended_at, suspended_until, suspension_reason, password_hash is not null as has_password`
	}
} satisfies Record<string, Rule>;

export const personal = { ...leads, ...waiting, ...accounts };
