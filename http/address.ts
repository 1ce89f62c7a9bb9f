import { isIP, isIPv6 } from 'node:net';

/** The eight groups of an IPv6 address. URL writes every spelling of it in one way, and an IPv4 tail as two groups. */
function groupsOf(address: string): string[] {
	const [plain] = address.split('%');
	const [head = '', tail] = new URL(`http://[${plain}]`).hostname.slice(1, -1).split('::');
	const before = head.split(':').filter(Boolean);
	const after = tail?.split(':').filter(Boolean) ?? [];
	return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}

/** An IPv4 address as such, also where a socket for both kinds tells it as IPv6 (`::ffff:192.0.2.1`). */
function unmapped(address: string): string {
	if (!isIPv6(address)) return address;
	const groups = groupsOf(address);
	if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return address;
	return groups
		.slice(6)
		.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255])
		.join('.');
}

/** What limits count an address by: of IPv6 the first 64 bits, for whoever has one address has all of these. */
export function networkOf(address: string): string {
	const plain = unmapped(address);
	return isIPv6(plain) ? `${groupsOf(plain).slice(0, 4).join(':')}::/64` : plain;
}

/** An address as some proxies pass it on: IPv6 in brackets, either with the port of the client. */
const WRITTEN = /^(?:\[([^\]]+)\]|([\d.]+))(?::\d{1,5})?$/;

/** The address that a proxy wrote; nothing for what is none. */
function addressIn(text: string): string | undefined {
	const [, v6, v4] = WRITTEN.exec(text) ?? [];
	if (v6 !== undefined) return isIPv6(v6) ? v6 : undefined;
	return [text, v4].find((address) => address !== undefined && isIP(address));
}

/**
 * The socket's address, or with trusted proxies what so many of ours saw: counted from the end, where only they can
 * write. A header that is missing, short or malformed changes nothing.
 */
export function clientOf(socket: string, forwarded: string | null | undefined, hops: number): string {
	const claimed = hops > 0 ? addressIn(forwarded?.split(',').at(-hops)?.trim() ?? '') : undefined;
	return unmapped(claimed ?? socket);
}
