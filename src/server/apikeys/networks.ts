import { BlockList, isIP, isIPv6 } from 'node:net';

type Network = { start: string; length: number; family: 'ipv4' | 'ipv6' };

/** A network in CIDR notation; an address by itself is the network of one. Nothing where it is neither. */
function parse(text: string): Network | undefined {
	const [start = '', length, ...rest] = text.split('/');
	if (isIP(start) === 0 || start.includes('%') || rest.length > 0) return undefined;
	const family = isIPv6(start) ? 'ipv6' : 'ipv4';
	const most = family === 'ipv6' ? 128 : 32;
	if (length !== undefined && (!/^(0|[1-9]\d{0,2})$/.test(length) || Number(length) > most)) return undefined;
	return { start: start.toLowerCase(), length: Number(length ?? most), family };
}

/** A network as it is kept; nothing where the text names none. */
export function normalizeNetwork(text: string): string | undefined {
	const network = parse(text.trim());
	return network && `${network.start}/${network.length}`;
}

function listOf(networks: Network[]): BlockList {
	const list = new BlockList();
	for (const { start, length, family } of networks) list.addSubnet(start, length, family);
	return list;
}

const parseAll = (networks: string[]) => networks.flatMap((text) => parse(text) ?? []);

/** Whether an address, or all of a network, is in one of these. */
export function isWithin(text: string, networks: string[]): boolean {
	const inner = parse(text);
	if (!inner) return false;
	const wider = parseAll(networks).filter(({ length, family }) => family === inner.family && length <= inner.length);
	return listOf(wider).check(inner.start, inner.family);
}
