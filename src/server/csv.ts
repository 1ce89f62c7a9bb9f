/**
 * What a spreadsheet would run as a formula, at the beginning of a cell or where one begins to a spreadsheet that
 * separates by something else. With apostrophes before it, it was written by `csvLine`, or could have been.
 */
const FORMULA = /(?<=^|[;\t\r\n])(?='*[[\s"]--[\t\r\n]]*[=+\-@＝＋－＠]|^'*[\s--[\t\r\n]]*[\t\r\n])/gv;
const APOSTROPHE = new RegExp(`${FORMULA.source}'`, 'gv');

/** One line of RFC 4180 in which no cell is a formula to a spreadsheet. */
export const csvLine = (cells: string[]): string =>
	`${cells
		.map((cell) => cell.replace(FORMULA, "'"))
		.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
		.join(',')}\r\n`;

/** A cell as it was before `csvLine` made it harmless. */
export const csvCell = (cell: string): string => cell.replace(APOSTROPHE, '');

/** An answer that is sent while `pieces` are made, as fast as the reader takes them. What is refused is thrown first. */
export async function download(
	name: string,
	pieces: AsyncGenerator<string, undefined>,
	type = 'text/csv'
): Promise<Response> {
	const first = await pieces.next();
	const body = new ReadableStream<Uint8Array>({
		start: (stream) => stream.enqueue(Buffer.from(first.value ?? '')),
		async pull(stream) {
			const { value, done } = await pieces.next();
			if (done) stream.close();
			else stream.enqueue(Buffer.from(value));
		}
	});
	return new Response(body, {
		headers: { 'Content-Type': `${type}; charset=utf-8`, 'Content-Disposition': `attachment; filename="${name}"` }
	});
}
