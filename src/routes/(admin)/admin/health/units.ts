const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** "12.3 MB". */
export function bytes(count: number): string {
	const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, count)) / Math.log(1000)));
	const number = new Intl.NumberFormat('en-US', { style: 'unit', unit: UNITS[power], maximumFractionDigits: 1 });
	return number.format(count / 1000 ** power);
}

const MILLISECONDS = new Intl.NumberFormat('en-US', {
	style: 'unit',
	unit: 'millisecond',
	maximumFractionDigits: 1
});

/** "1.2 ms". */
export const milliseconds = (count: number): string => MILLISECONDS.format(count);

const LENGTHS: [string, number][] = [
	['d', 86_400],
	['h', 3600],
	['min', 60],
	['s', 1]
];

/** "3 d 4 h", "5 min 20 s": the two units that matter. */
export function duration(seconds: number): string {
	let left = Math.floor(seconds);
	const parts: string[] = [];
	for (const [unit, length] of LENGTHS) {
		const count = Math.floor(left / length);
		left -= count * length;
		if (count > 0 || parts.length > 0) parts.push(`${count} ${unit}`);
	}
	return parts.slice(0, 2).join(' ') || '0 s';
}
