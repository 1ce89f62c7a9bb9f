/** What a spreadsheet would run as a formula; with apostrophes before it, it was written by `csvLine`, or could have been. */
const FORMULA = /^'*\s*[=+\-@\t\r\n＝＋－＠]/;

const plain = (cell: string): string => (FORMULA.test(cell) ? `'${cell}` : cell);

/** One line of RFC 4180 in which no cell is a formula to a spreadsheet. */
export const csvLine = (cells: string[]): string =>
	`${cells
		.map(plain)
		.map((cell) => (/[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
		.join(',')}\r\n`;

/** A cell as it was before `csvLine` made it harmless. */
export const csvCell = (cell: string): string => (cell.startsWith("'") && FORMULA.test(cell) ? cell.slice(1) : cell);

/** An answer that is sent while `pieces` are made, as fast as the reader takes them. What is refused is thrown first. */
export async function download(name: string, pieces: AsyncGenerator<string, undefined>): Promise<Response> {
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
		headers: { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': `attachment; filename="${name}"` }
	});
}
