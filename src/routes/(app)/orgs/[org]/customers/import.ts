import { postForLines } from '#lib/lines.ts';

export type Progress = { done: number; total: number };
export type Report = { imported: number; refused: { line: number; email: string; reason: string }[]; kept: boolean };

const BROKEN = 'The connection broke off. Look at the list before you import the file again.';

/**
 * Sends a file of customers, tells of the progress as the server does, and answers its report.
 * @throws {Refusal} in the server's words, or that it cannot be reached
 */
export async function importCustomers(org: string, body: FormData, onprogress: (progress: Progress) => void) {
	const isReport = (line: Progress | Report): line is Report => 'imported' in line;
	return postForLines(`/orgs/${org}/customers/import`, { body }, { isLast: isReport, onprogress, broken: BROKEN });
}
