import type { Config, Env } from '../config.ts';
import type { Finding } from './finding.ts';

/** What must not be so outside development; a variable that cannot be read is a finding of its own, and breaks none. */
export type Rule = Pick<Finding, 'message' | 'remedy'> & {
	variable: keyof Config | 'NODE_TLS_REJECT_UNAUTHORIZED';
	breaks: (config: Partial<Config>, env: Env) => boolean | undefined;
};

/** By the id of the finding. */
export type Rules = Record<string, Rule>;

/** True for a URL that leads to this machine. */
export const isLocal = (url: string): boolean => /^(.+\.)?localhost$|^127\.|^\[::1\]$|^$/.test(new URL(url).hostname);
