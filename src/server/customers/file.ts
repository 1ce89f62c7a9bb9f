import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse, type InfoRecord } from 'csv-parse';
import { csvCell } from '../csv.ts';
import { invalid } from '../errors.ts';
import { customer, type NewCustomer } from './customer.ts';

/** Rows of a file at the most, without its header. */
const MOST_ROWS = 10_000;

/** Rows that are read before others have their turn. */
const STRETCH = 200;

const COLUMNS = ['name', 'email', 'phone', 'notes'] as const;
type Cells = Record<(typeof COLUMNS)[number], string>;

/** A row that is not imported: its line in the file, its address as it stands there, and why. */
export type Refused = { line: number; email: string; reason: string };

export type Contents = { total: number; customers: (NewCustomer & { line: number })[]; refused: Refused[] };

/** Spreadsheets separate by what their country does. */
function separatorOf(text: string): string {
	const header = text.slice(0, text.search(/[\r\n]|$/));
	const count = (separator: string) => header.split(separator).length;
	return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

/** Slices, so that the parser never works on all of it at once. */
function* slices(text: string, length = 16_384) {
	for (let start = 0; start < text.length; start += length) yield text.slice(start, start + length);
}

type Parsed = { record: string[]; info: InfoRecord };

/** The rows of a CSV file, each with the line it begins in. */
async function* rowsOf(text: string): AsyncGenerator<{ line: number; cells: string[] }> {
	const parser = parse({
		delimiter: separatorOf(text),
		info: true,
		relax_column_count: true,
		relax_quotes: true,
		skip_empty_lines: true,
		skip_records_with_empty_values: true
	});
	let count = 0;
	try {
		for await (const { record, info } of Readable.from(slices(text)).pipe(parser) as AsyncIterable<Parsed>) {
			const within = record.join('').split('\n').length - 1;
			yield { line: info.lines - within, cells: record.map(csvCell) };
			if (++count % STRETCH === 0) await setImmediate();
		}
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		throw invalid('file', 'A quotation mark in this file is never closed. Mend it, or save the file as CSV again.');
	}
}

/** Where each column stands, by the names in the first line, whatever their capitals and their order. */
function columnsOf(header: string[]): Record<(typeof COLUMNS)[number], number> {
	const names = header.map((name) => name.toLowerCase().replace(/[^a-z]/g, ''));
	const missing = ['name', 'email'].filter((name) => !names.includes(name));
	if (missing.length > 0) {
		const what = missing.map((name) => `“${name}”`).join(' and ');
		throw invalid('file', `The first line must name the columns: ${what} cannot be found there.`);
	}
	const twice = COLUMNS.find((name) => names.indexOf(name) !== names.lastIndexOf(name));
	if (twice) throw invalid('file', `The first line names the column “${twice}” twice.`);
	return Object.fromEntries(COLUMNS.map((name) => [name, names.indexOf(name)])) as ReturnType<typeof columnsOf>;
}

/**
 * Reads a CSV file of customers: which ones are good, and of the others why not.
 * @throws {AppError} `invalid` for what is no such file
 */
export async function readCustomers(text: string): Promise<Contents> {
	const rows = rowsOf(text);
	const first = await rows.next();
	const header = first.done ? [] : first.value.cells;
	const columns = columnsOf(header);
	const contents: Contents = { total: 0, customers: [], refused: [] };
	const lines = new Map<string, number>();
	for await (const { line, cells } of rows) {
		if (++contents.total > MOST_ROWS) {
			throw invalid('file', `A file may hold at most ${MOST_ROWS.toLocaleString('en')} rows. Split it.`);
		}
		const row = Object.fromEntries(COLUMNS.map((name) => [name, cells[columns[name]] ?? ''])) as Cells;
		const refuse = (reason: string) => contents.refused.push({ line, email: row.email.slice(0, 254), reason });
		const { data, error } = customer.safeParse(row);
		if (cells.length > header.length) {
			refuse(
				'This row has more cells than the first line has names. Put text with a separator in it into quotation marks.'
			);
		} else if (error) refuse(error.issues.map(({ path, message }) => `${String(path[0])}: ${message}`).join(' '));
		else if (lines.has(data.email)) refuse(`The address is in line ${lines.get(data.email)} already.`);
		else {
			lines.set(data.email, line);
			contents.customers.push({ line, ...data });
		}
	}
	if (contents.total === 0) throw invalid('file', 'There is no customer in this file.');
	return contents;
}
