/** Something unsafe about a deployment; while one is fatal, the server does not start. No text of it holds a secret. */
export type Finding = {
	id: string;
	level: 'fatal' | 'warning';
	/** A sentence: what is the matter. */
	message: string;
	/** What to do about it; may go over several lines, such as SQL to run. */
	remedy: string;
	/** The variable to change, where it is one. */
	variable?: string;
};

/** A list for people, the fatal ones first, each with its remedy below. */
export function inWords(findings: Finding[]): string {
	const indent = ' '.repeat(11);
	return inOrder(findings)
		.map(({ id, level, message, remedy }) =>
			[`  ${level.padEnd(8)} ${message} [${id}]`, ...remedy.split('\n').map((line) => indent + line)].join('\n')
		)
		.join('\n');
}

/** One line for a log. */
export const inOneLine = ({ id, message, remedy }: Finding): string =>
	`Warning: ${message} ${remedy.replace(/\s*\n\s*/g, ' ')} [${id}]`;

/** The fatal ones first. */
export const inOrder = (findings: Finding[]): Finding[] => [
	...findings.filter(({ level }) => level === 'fatal'),
	...findings.filter(({ level }) => level !== 'fatal')
];
