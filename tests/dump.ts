import { sql } from 'kysely';
import { db } from '#server/db.ts';
import { asSystem } from './tenants.ts';

/** Every table of every schema, as a statement names it. */
async function tables(): Promise<string[]> {
	const { rows } = await sql<{ name: string }>`
		select format('%I.%I', nspname, relname) as name
		from pg_class join pg_namespace on pg_namespace.oid = relnamespace
		where relkind in ('r', 'p', 'm') and nspname !~ '^pg_|^information_schema$' order by 1`.execute(db);
	return rows.map(({ name }) => name);
}

/** How a word stands in a dump: as it is, and as the bytes of what is kept as such. */
const spellings = (word: string) => [word.toLowerCase(), Buffer.from(word).toString('hex')];

/** Where each of these words stands in the whole database, as `table: row`. */
export const whereIs = (words: string[]): Promise<Record<string, string[]>> =>
	asSystem(async (tx) => {
		const found: Record<string, string[]> = Object.fromEntries(words.map((word) => [word, []]));
		for (const table of await tables()) {
			const { rows } = await sql<{ row: string }>`
				select lower(t::text) as row from ${sql.raw(table)} as t
				where exists (
					select from unnest(${words.flatMap(spellings)}::text[]) as word where position(word in lower(t::text)) > 0
				)`.execute(tx);
			for (const { row } of rows) {
				for (const word of words) {
					if (spellings(word).some((spelling) => row.includes(spelling))) found[word]!.push(`${table}: ${row}`);
				}
			}
		}
		return found;
	});
