import { parseConfig, type Config, type Env } from '../src/config.ts';
import { inOneLine, inOrder, inWords, type Finding } from '../src/rules/finding.ts';
import { brokenRules } from '../src/rules/rules.ts';
import { examineDatabase } from './checks.ts';
import { loadEnvFile, prepareEnvironment, type Environment } from './environment.ts';

/**
 * All that is wrong with a deployment, the fatal first: what cannot be read, what is unsafe, what its database says.
 * In development only what cannot be read. With `rehearsing`, missing migrations are tried and rolled back.
 */
export async function examine(env: Env, rehearsing: boolean): Promise<Finding[]> {
	const { config, problems } = parseConfig(env);
	if (config.APP_ENV === 'dev') return problems;
	const unsafe = [...brokenRules(config, env), ...(await examineDatabase(config, rehearsing))];
	return inOrder([...problems, ...unsafe.map((finding) => ({ ...finding, level: levelOf(finding, config) }))]);
}

function levelOf({ level }: Finding, config: Partial<Config>): Finding['level'] {
	if (config.PRODUCTION_SECURITY_VALIDATION_ENABLED === false) return 'warning';
	return config.PRODUCTION_SECURITY_STRICT_MODE ? 'fatal' : level;
}

/**
 * What `prepareEnvironment` does, for a server: outside development it also looks whether it is safe to start, before
 * anything is changed. A warning is a line in the terminal.
 * @throws {Error} with all findings, when one is fatal
 */
export async function prepareServer(): Promise<Environment> {
	loadEnvFile();
	if (process.env.APP_ENV !== 'dev') {
		const findings = await examine(process.env, false);
		if (findings.some(({ level }) => level === 'fatal')) {
			throw new Error(`Gatehouse does not start like this:\n${inWords(findings)}`);
		}
		for (const finding of findings) console.warn(inOneLine(finding));
	}
	return prepareEnvironment();
}
