import { BlockList, isIP } from 'node:net';
import type { Config, Env } from '../config.ts';
import type { Finding } from './finding.ts';

/** What must not be so outside development; a variable that cannot be read is a finding of its own, and breaks none. */
export type Rule = Pick<Finding, 'message' | 'remedy'> & {
	variable: keyof Config | 'NODE_TLS_REJECT_UNAUTHORIZED';
	breaks: (config: Partial<Config>, env: Env) => boolean | undefined;
};

/** By the id of the finding. */
export type Rules = Record<string, Rule>;

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** True for a name, an address or a socket of this machine. */
export function isLocalHost(host: string): boolean {
	const version = isIP(host);
	if (version !== 0) return LOOPBACK.check(host, version === 4 ? 'ipv4' : 'ipv6');
	return host === '' || host.startsWith('/') || /^(.+\.)?localhost$/i.test(host);
}

/** True for a URL that leads to this machine. */
export const isLocal = (url: string): boolean => isLocalHost(new URL(url).hostname.replace(/^\[(.+)\]$/, '$1'));
