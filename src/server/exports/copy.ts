import { enterAll } from '../auth/access.ts';
import { seal } from '../crypto.ts';
import { transaction, type Db } from '../db.ts';
import { findPerson, type Person } from '../erasure/service.ts';
import { rules } from '../erasure/registry.ts';
import * as queries from './queries.ts';

/** Characters of the file that are held, and sealed, at once. */
const PIECE = 256 * 1024;

/** The tables that the registry says tell of a person, and what of them is theirs to have. */
const TABLES = rules.flatMap(([table, { theirs, exported }]) =>
	theirs && exported ? [{ table, theirs, exported }] : []
);
type Table = (typeof TABLES)[number];

/** Bytes as text; all else JSON knows. */
const toJson = (row: object): string =>
	JSON.stringify(
		Object.fromEntries(
			Object.entries(row).map(([key, value]: [string, unknown]) => [
				key,
				value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value
			])
		)
	);

/** Writes a file in sealed pieces, of which each is full but the last of a transaction. */
class Writer {
	#position = 0;
	#text = '';
	readonly #of: queries.Attempt;

	constructor(of: queries.Attempt) {
		this.#of = of;
	}

	async write(tx: Db, text: string): Promise<void> {
		this.#text += text;
		if (this.#text.length >= PIECE) await this.flush(tx);
	}

	async flush(tx: Db): Promise<void> {
		await queries.insertPiece(tx, this.#of, this.#position++, seal('export', this.#text));
		this.#text = '';
	}
}

/** Copies what a person has in a table as it is at one moment, however much that is. */
async function copyTable(tx: Db, writer: Writer, { table, theirs, exported }: Table, person: Person): Promise<void> {
	await queries.openRows(tx, table, exported, theirs(person));
	await writer.write(tx, `,\n"${table}": [`);
	let separator = '\n';
	for (;;) {
		const rows = await queries.fetchRows(tx);
		if (rows.length === 0) break;
		for (const row of rows) {
			await writer.write(tx, separator + toJson(row));
			separator = ',\n';
		}
	}
	await queries.closeRows(tx);
	await writer.write(tx, ']');
}

/**
 * Writes down all that is held of a person, as JSON in pieces: table by table, each in a transaction of its own. Stops
 * where another try at it has begun.
 */
export async function copyAll(of: queries.Attempt, userId: string): Promise<void> {
	const person = await transaction((tx) => enterAll(tx).then(() => findPerson(tx, userId)), 'read only');
	if (!person) return;
	const writer = new Writer(of);
	for (const [nth, table] of TABLES.entries()) {
		const goesOn = await transaction(async (tx) => {
			await enterAll(tx);
			if (nth === 0) await writer.write(tx, `{\n"madeAt": ${JSON.stringify(new Date())}`);
			await copyTable(tx, writer, table, person);
			if (nth === TABLES.length - 1) await writer.write(tx, '\n}\n');
			await writer.flush(tx);
			return queries.setProgress(tx, of, Math.floor(((nth + 1) * 99) / TABLES.length));
		});
		if (!goesOn) return;
	}
}
