import type { Config, Env } from '../config.ts';
import { FATAL } from './fatal.ts';
import type { Finding } from './finding.ts';
import type { Rules } from './rule.ts';
import { WARNINGS } from './warnings.ts';

/** What the configuration alone tells about a deployment. */
export const brokenRules = (config: Partial<Config>, env: Env): Finding[] => {
	const broken = (rules: Rules, level: Finding['level']) =>
		Object.entries(rules)
			.filter(([, { breaks }]) => breaks(config, env))
			.map(([id, { message, remedy, variable }]) => ({ id, level, message, remedy, variable }));
	return [...broken(FATAL, 'fatal'), ...broken(WARNINGS, 'warning')];
};
