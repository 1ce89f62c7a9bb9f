/** Limits as one writes them, one a line: "customers.import 5". */
export const writeLimits = (limits: Record<string, number>): string =>
	Object.entries(limits)
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([procedure, most]) => `${procedure} ${most}`)
		.join('\n');

/** What was written so; a line that is none has no number, which the server refuses. */
export const readLimits = (text: string): Record<string, number> =>
	Object.fromEntries(
		text
			.split('\n')
			.map((line) => line.trim().split(/\s+/))
			.filter(([procedure]) => procedure)
			.map(([procedure, most, ...more]) => [procedure, most && more.length === 0 ? Number(most) : NaN])
	) as Record<string, number>;
