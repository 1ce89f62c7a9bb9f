import type pg from 'pg';

/** A statement as the app sent it, and how long its answer took, in milliseconds. */
export type Statement = { text: string; values: unknown[]; ms: number };

let records: Statement[] | null = null;

/** Has every connection of a pool write down what it is asked while somebody records. */
export function listen(pool: pg.Pool): void {
	pool.on('connect', (client) => {
		const send = client.query.bind(client) as (...asked: unknown[]) => unknown;
		client.query = ((...asked: unknown[]) => {
			const start = performance.now();
			const answer = send(...asked);
			const [text, values = []] = asked as [unknown, unknown[]?];
			const into = records;
			if (into && typeof text === 'string' && answer instanceof Promise) {
				const note = () => into.push({ text, values, ms: performance.now() - start });
				void answer.then(note, note);
			}
			return answer;
		}) as typeof client.query;
	});
}

/** The statements of a call from the beginning of its transaction on; whether it is refused does not matter. */
export async function record(call: () => Promise<unknown>): Promise<Statement[]> {
	const mine: Statement[] = (records = []);
	await call().catch(() => undefined);
	records = null;
	return mine.slice(
		Math.max(
			0,
			mine.findIndex(({ text }) => text.startsWith('start transaction'))
		)
	);
}

export const isQuery = ({ text }: Statement) => /^\s*(select|with|insert|update|delete)\b/i.test(text);

/** How PostgreSQL goes about a statement inside an organisation; what only reads is run for it. */
export async function explain(client: pg.Client, orgId: string, { text, values }: Statement): Promise<string> {
	const options = /^\s*(select|with)\b/i.test(text) ? 'analyze, buffers, costs off' : 'costs off';
	await client.query('begin');
	try {
		await client.query("select set_config('app.org_id', $1, true)", [orgId]);
		const { rows } = await client.query<Record<'QUERY PLAN', string>>(`explain (${options}) ${text}`, values);
		return rows.map((row) => row['QUERY PLAN']).join('\n');
	} finally {
		await client.query('rollback');
	}
}

/** How often each of these tables was read from end to end so far, by whatever: cascades and triggers count, too. */
export async function countScans(client: pg.Client, tables: string[]): Promise<Map<string, number>> {
	// A connection reports what it did within a second, or when it ends.
	await client.query('select pg_sleep(2), pg_stat_clear_snapshot()');
	const { rows } = await client.query<{ name: string; scans: string }>(
		'select relname as name, seq_scan as scans from pg_stat_user_tables where relname = any($1)',
		[tables]
	);
	return new Map(rows.map(({ name, scans }) => [name, Number(scans)]));
}
