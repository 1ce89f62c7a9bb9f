import { parseArgs } from 'node:util';
import { inWords, type Finding } from '../src/rules/finding.ts';
import { completed, loadEnvFile } from './environment.ts';
import { examine } from './examine.ts';

function inSentences(findings: Finding[]): string {
	const rules = process.env.APP_ENV === 'dev' ? 'In development the production rules do not apply.\n' : '';
	if (!findings.length) return `${rules}No findings.`;
	const fatal = findings.filter(({ level }) => level === 'fatal').length;
	const outcome = fatal ? `${fatal} of them fatal: the server does not start.` : 'none of them fatal.';
	return `${rules}${inWords(findings)}\nFindings: ${findings.length}, ${outcome}`;
}

try {
	const { json } = parseArgs({ options: { json: { type: 'boolean' } } }).values;
	loadEnvFile();
	const findings = await examine(await completed(process.env), true);
	console.log(json ? JSON.stringify(findings, null, '\t') : inSentences(findings));
	if (findings.some(({ level }) => level === 'fatal')) process.exitCode = 1;
} catch (error) {
	console.error((error as Error).message);
	process.exitCode = 1;
}
