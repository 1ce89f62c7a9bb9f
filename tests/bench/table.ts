export const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

export const milliseconds = (value: number) => `${value.toFixed(1)} ms`;

/** Rows of cells as text, in columns. */
export function table(rows: string[][]): string {
	const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
	return rows
		.map(
			(row) =>
				`  ${row
					.map((cell, column) => cell.padEnd(widths[column]!))
					.join('   ')
					.trimEnd()}`
		)
		.join('\n');
}
