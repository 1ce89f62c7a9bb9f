import { pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { CsvError, parse, type InfoRecord, type Parser } from 'csv-parse';
import { csvCell } from '../csv.ts';
import { invalid } from '../errors.ts';
import { customer } from './customer.ts';
import type { NewCustomer } from './queries.ts';

/** Rows of a file at the most, without its header. */
const MOST_ROWS = 10_000;

/** The same with rows of empty cells, which spreadsheets leave behind. */
const MOST_RECORDS = 100_000;

/** Bytes of a row at the most: three times what a customer can fill. */
const ROW_BYTES = 128 * 1024;

/** Bytes that are read before others have their turn: milliseconds of work, whatever they are. */
const SLICE = 2048;

const COLUMNS = ['name', 'email', 'phone', 'notes'] as const;
type Cells = Record<(typeof COLUMNS)[number], string>;

/** A row that is not imported: its line in the file, its address as it stands there, and why. */
export type Refused = { line: number; email: string; reason: string };

export type Contents = { total: number; customers: (NewCustomer & { line: number })[]; refused: Refused[] };

/** Spreadsheets separate by what their country does. */
function separatorOf(text: string): string {
	const [header = ''] = text.slice(0, ROW_BYTES).split(/[\r\n]/, 1);
	const count = (separator: string) => header.split(separator).length;
	return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}

class RowTooLong extends Error {}

/** The file in pieces, until one row has no end: the parser would keep all of its cells. */
async function* slices(bytes: Buffer, { info }: Parser) {
	let rows = 0;
	let begin = 0;
	for (let at = 0; at < bytes.length; at += SLICE) {
		await setImmediate();
		const ended = info.records + info.empty_lines;
		if (ended > rows) [rows, begin] = [ended, at];
		if (at - begin > ROW_BYTES) throw new RowTooLong();
		yield bytes.subarray(at, at + SLICE);
	}
}

const [LF, CR] = [10, 13];

/** Lines that end between two places, with LF, CRLF or CR: the parser counts a CRLF in quotation marks twice. */
function linesIn(bytes: Buffer, from: number, to: number): number {
	let lines = 0;
	for (let at = from; at < to; at++) {
		if (bytes[at] === LF || (bytes[at] === CR && bytes[at + 1] !== LF)) lines++;
	}
	return lines;
}

type Parsed = { record: string[]; info: InfoRecord };

/** The rows of a CSV file that are not empty, each with the line it begins in. */
async function* rowsOf(text: string): AsyncGenerator<{ line: number; cells: string[] }> {
	// Cut as bytes, since between two halves of a character a text must not be cut.
	const bytes = Buffer.from(text);
	const parser = parse({
		delimiter: separatorOf(text),
		record_delimiter: ['\r\n', '\n', '\r'],
		info: true,
		relax_column_count: true,
		relax_quotes: true,
		skip_empty_lines: true
	});
	const parsed: AsyncIterable<Parsed> = pipeline(slices(bytes, parser), parser, () => undefined);
	let line = 1;
	let read = 0;
	try {
		for await (const { record, info } of parsed) {
			if (info.records > MOST_RECORDS) throw tooMany();
			let begin = read;
			while (bytes[begin] === LF || bytes[begin] === CR) begin++;
			line += linesIn(bytes, read, begin);
			if (record.some((cell) => cell.trim())) yield { line, cells: record };
			line += linesIn(bytes, begin, info.bytes);
			read = info.bytes;
		}
	} catch (error) {
		throw inWords(error, linesIn(bytes, 0, parser.info.bytes) + 1);
	}
}

/** What is wrong with a file that cannot be read any further. */
function inWords(error: unknown, line: number): unknown {
	const size = `${ROW_BYTES / 1024} kB`;
	if (error instanceof RowTooLong) {
		return invalid('file', `Near line ${line}, a row is longer than ${size}. Is a quotation mark never closed?`);
	}
	if (!(error instanceof CsvError)) return error;
	const what = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quotation mark is never closed' : 'this is no CSV';
	return invalid('file', `Near line ${line}, ${what}. Mend it, or save the file as CSV again.`);
}

const tooMany = () => invalid('file', `A file may hold at most ${MOST_ROWS.toLocaleString('en')} rows. Split it.`);

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
		if (++contents.total > MOST_ROWS) throw tooMany();
		const row = Object.fromEntries(COLUMNS.map((name) => [name, csvCell(cells[columns[name]] ?? '')])) as Cells;
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
