import pg from 'pg';
import type { Config } from '../src/config.ts';
import type { Finding } from '../src/rules/finding.ts';
import { targetOf } from '../src/rules/database.ts';
import { isLocalHost } from '../src/rules/rule.ts';
import { DEMO_EMAILS, DEMO_IDS, gatherFacts, type Facts, type Way } from './facts.ts';
import { rehearse, type Rehearsal } from './migrate.ts';
import { rightRole } from './role.ts';

const quoted = (values: string[]) => values.map((value) => pg.escapeLiteral(value)).join(', ');

const DEMO_PERSON = `u.email in (${quoted(DEMO_EMAILS)})
  or u.id in (${quoted(DEMO_IDS)})`;

/** Run by the app's own role, and all or nothing: an organisation that has somebody real in it stays. */
const REMOVE_DEMO = `begin;
delete from org where id in (select org_id from membership join "user" u on u.id = user_id
  group by org_id having bool_and(${DEMO_PERSON}));
delete from "user" u where ${DEMO_PERSON};
commit;`;

/** What was asked for, and what came of a rehearsal of the migrations. */
type Asked = { url: string; poolSize: number | undefined; rehearsal: Rehearsal };

type Check = Pick<Finding, 'level' | 'variable'> & {
	tell: (facts: Facts & Asked) => Pick<Finding, 'message' | 'remedy'> | false | undefined;
};

const named = (ways: Way[]) => ways.map(({ name }) => `"${name}"`).join(', ');

/** Rights of the role beyond what the app does, and the SQL that takes them. */
function needless({ role, createsRoles, replicates, readingWays, superuser }: Facts) {
	const bound = pg.escapeIdentifier(role);
	const held = [
		createsRoles && { right: 'createrole', sql: `alter role ${bound} nocreaterole;` },
		replicates && { right: 'replication', sql: `alter role ${bound} noreplication;` },
		...readingWays.map(({ name, revoke }) => ({ right: `member of "${name}"`, sql: revoke }))
	].filter((right) => right !== false);
	return superuser ? [] : held;
}

/** What is asked of a database that answers, by the id of the finding. */
export const DATABASE: Record<string, Check> = {
	database_role_superuser: {
		level: 'fatal',
		variable: 'DATABASE_URL',
		tell: (facts) =>
			facts.superuser && {
				message: `The role "${facts.role}" of DATABASE_URL is a superuser: row security does not bind it.`,
				remedy: `Run this as a superuser in the database "${facts.database}"${facts.bootstrap ? ', and put the new role into DATABASE_URL' : ''}:\n${rightRole(facts)}`
			}
	},
	database_role_bypasses: {
		level: 'fatal',
		variable: 'DATABASE_URL',
		tell: (facts) =>
			facts.bypasses &&
			!facts.superuser && {
				message: `The role "${facts.role}" of DATABASE_URL bypasses row security.`,
				remedy: `Run this as a superuser in the database "${facts.database}":\n${rightRole(facts)}`
			}
	},
	database_role_member: {
		level: 'fatal',
		variable: 'DATABASE_URL',
		tell: ({ role, ways }) =>
			ways.length > 0 && {
				message: `The role "${role}" of DATABASE_URL may become one that row security does not bind, or that reaches the server's files: it is a member of ${named(ways)}.`,
				remedy: `Run this as a superuser:\n${ways.map(({ revoke }) => revoke).join('\n')}`
			}
	},
	database_role_rights: {
		level: 'warning',
		variable: 'DATABASE_URL',
		tell: (facts) => {
			const held = needless(facts);
			return (
				held.length > 0 && {
					message: `The role "${facts.role}" of DATABASE_URL has rights that the app does not need: ${held.map(({ right }) => right).join(', ')}.`,
					remedy: `Run this as a superuser:\n${held.map(({ sql }) => sql).join('\n')}`
				}
			);
		}
	},
	database_policies_off: {
		level: 'fatal',
		variable: 'DATABASE_URL',
		tell: ({ openTables }) =>
			openTables.length > 0 && {
				message: `Row security is not enabled and forced for ${openTables.join(', ')}: a statement that forgets its organization would see every other's data.`,
				remedy: `Run this as the owner of the tables:\n${openTables.map((table) => `alter table ${table} enable row level security, force row level security;`).join('\n')}`
			}
	},
	database_role_powerless: {
		level: 'fatal',
		variable: 'DATABASE_URL',
		tell: ({ mayCreate, foreignTable, role, database }) =>
			(!mayCreate || foreignTable !== null) && {
				message: foreignTable
					? `The role "${role}" does not own the table "${foreignTable}", which migrations must be able to change.`
					: `The role "${role}" may not create what migrations make in the database "${database}".`,
				remedy: foreignTable
					? `Use the role that owns the tables, or hand them over: alter table … owner to ${pg.escapeIdentifier(role)};`
					: `alter database ${pg.escapeIdentifier(database)} owner to ${pg.escapeIdentifier(role)};`
			}
	},
	demo_people_present: {
		level: 'fatal',
		tell: ({ demoPeople }) =>
			demoPeople.length > 0 && {
				message: `The database holds demo people, whose password everybody knows: ${demoPeople.join(', ')}.`,
				remedy: `Use a database that was never seeded, or remove them:\n${REMOVE_DEMO}`
			}
	},
	migrations_fail: {
		level: 'fatal',
		tell: ({ rehearsal: { failure } }) =>
			failure !== undefined && {
				message: failure,
				remedy: 'Mend that first: the migrations were tried, and rolled back.'
			}
	},
	migrations_held_up: {
		level: 'warning',
		tell: ({ rehearsal: { heldUp } }) =>
			heldUp && {
				message: 'The missing migrations could not be tried: another process holds what they need.',
				remedy: 'Try again, or look for a long transaction in pg_stat_activity.'
			}
	},
	database_unencrypted: {
		level: 'warning',
		variable: 'DATABASE_URL',
		tell: ({ encrypted, url }) =>
			!encrypted &&
			!isLocalHost(targetOf(url)?.host ?? '') && {
				message: 'DATABASE_URL leads to another machine without TLS.',
				remedy: 'Append ?sslmode=verify-full, unless the network between is yours alone.'
			}
	},
	database_pool_size_large: {
		level: 'warning',
		variable: 'DATABASE_POOL_SIZE',
		tell: ({ poolSize = 0, connections }) =>
			2 * poolSize > connections && {
				message: `DATABASE_POOL_SIZE is ${poolSize}, and the database has ${connections} connections: two processes do not fit.`,
				remedy: 'Lower it, or raise max_connections of PostgreSQL.'
			}
	}
};

/** Findings of the database itself; with `rehearsing`, missing migrations are tried and rolled back. */
export async function examineDatabase(config: Partial<Config>, rehearsing: boolean): Promise<Finding[]> {
	const { DATABASE_URL: url, DATABASE_POOL_SIZE: poolSize } = config;
	if (!url) return [];
	try {
		const facts = await gatherFacts(url);
		const rehearsal = rehearsing && facts.mayCreate && !facts.foreignTable ? await rehearse(url) : {};
		return Object.entries(DATABASE).flatMap(([id, { level, variable, tell }]) => {
			const told = tell({ ...facts, url, poolSize, rehearsal });
			return told ? [{ id, level, ...told, ...(variable && { variable }) }] : [];
		});
	} catch (error) {
		return [unreachable(error instanceof Error ? error.message : String(error))];
	}
}

const unreachable = (message: string): Finding => ({
	id: 'database_unreachable',
	level: 'fatal',
	message,
	remedy: 'Start it, or correct the host, the role, its password or the database in DATABASE_URL.',
	variable: 'DATABASE_URL'
});
