import { connect, query } from './database.ts';

/** What a look at a page may change, and nothing else: bookkeeping. */
const BOOKKEEPING = new Set([
	'public.oauth_flow',
	'public.rate_limit',
	'public.usage_day',
	// Jobs of the clock come and go by themselves; all others are kept in `queued_job`.
	'graphile_worker._private_jobs',
	'graphile_worker._private_known_crontabs'
]);
const BOOKKEEPING_COLUMNS = ['last_seen_at'];

const TABLES = `
	select relnamespace::regnamespace || '.' || quote_ident(relname) as name
	from pg_class where relkind in ('r', 'p') and relnamespace::regnamespace::text !~ '^(pg_|information_schema)'
	order by 1`;

/** Keeps a note of every job that is queued from here on: most are done before anybody looks. */
export const noteJobs = (url: string) =>
	query(
		`
		create table queued_job (id bigint, payload json);
		create function note_job() returns trigger language plpgsql as $$
		begin
			insert into queued_job values (new.id, new.payload);
			return null;
		end $$;
		create trigger note_job after insert on graphile_worker._private_jobs
			for each row when (not new.payload::jsonb ? '_cron') execute function note_job();`,
		[],
		url
	);

/** Fingerprints of all that the database holds, table by table, but for the bookkeeping. */
export async function sealAll(url: string): Promise<Record<string, string>> {
	const client = await connect(url);
	try {
		await client.query(`select set_config('app.scope', 'system', false)`);
		const seals: Record<string, string> = {};
		const { rows } = await client.query<{ name: string }>(TABLES);
		for (const { name } of rows.filter((table) => !BOOKKEEPING.has(table.name))) {
			const sealed = await client.query<{ seal: string }>(
				`select count(*) || ' ' || md5(coalesce(string_agg(line, '' order by line), '')) as seal
				from (select (to_jsonb(t) - $1::text[])::text as line from ${name} t) as lines`,
				[BOOKKEEPING_COLUMNS]
			);
			seals[name] = sealed.rows[0]!.seal;
		}
		return seals;
	} finally {
		await client.end();
	}
}

/** Whether the mail and the jobs are done that people asked for. */
export async function isQuiet(url: string): Promise<boolean> {
	const { rowCount } = await query(
		`select from graphile_worker._private_jobs where not payload::jsonb ? '_cron'
		union all select from mail where sent_at is null`,
		[],
		url
	);
	return rowCount === 0;
}
