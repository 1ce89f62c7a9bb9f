import type { RequestEvent } from '@sveltejs/kit';
import { expect, test } from 'vitest';
import { networkOf } from '../../../http/address.ts';
import { clientAddress } from './address.ts';

const seen = (socket: string, forwarded: string | null, hops: number) => {
	const headers = new Headers(forwarded === null ? {} : { 'X-Forwarded-For': forwarded });
	return clientAddress({ request: { headers }, getClientAddress: () => socket } as unknown as RequestEvent, hops);
};

test.for([
	['without a proxy the socket tells', '203.0.113.9', null, 0, '203.0.113.9'],
	['a header that nobody trusts changes nothing', '203.0.113.9', '198.51.100.1', 0, '203.0.113.9'],
	['one proxy wrote the last', '10.0.0.1', '192.0.2.66, 198.51.100.1', 1, '198.51.100.1'],
	['of two the outer one wrote the last but one', '10.0.0.1', '192.0.2.66, 198.51.100.1, 10.0.0.2', 2, '198.51.100.1'],
	['a header that is missing is none', '10.0.0.1', null, 1, '10.0.0.1'],
	['one with too few hops is none', '10.0.0.1', '198.51.100.1', 2, '10.0.0.1'],
	['an empty one is none', '10.0.0.1', '', 1, '10.0.0.1'],
	['so is one of commas', '10.0.0.1', ',,,,', 1, '10.0.0.1'],
	['a name is no address', '10.0.0.1', 'localhost', 1, '10.0.0.1'],
	['one with a port is one', '10.0.0.1', '192.0.2.66:1, 198.51.100.1:50000', 1, '198.51.100.1'],
	['with half a port it is not', '10.0.0.1', '198.51.100.1:', 1, '10.0.0.1'],
	['nor with a long one', '10.0.0.1', '198.51.100.1:123456', 1, '10.0.0.1'],
	['nor what is longer than one', '10.0.0.1', '1'.repeat(10_000), 1, '10.0.0.1'],
	['nor half of one', '10.0.0.1', '198.51.100', 1, '10.0.0.1'],
	['nor a script', '10.0.0.1', '<script>alert(1)</script>', 1, '10.0.0.1'],
	['IPv6 is one', '10.0.0.1', '2001:db8::1', 1, '2001:db8::1'],
	['also in brackets', '10.0.0.1', '[2001:db8::1]', 1, '2001:db8::1'],
	['and with a port', '10.0.0.1', '[2001:db8::1]:443', 1, '2001:db8::1'],
	['its last group is no port', '10.0.0.1', '2001:db8::1:443', 1, '2001:db8::1:443'],
	['IPv4 in brackets is none', '10.0.0.1', '[198.51.100.1]:443', 1, '10.0.0.1'],
	['IPv4 in IPv6 is IPv4', '::ffff:10.0.0.1', '::FFFF:c633:6401', 1, '198.51.100.1'],
	['at the socket, too', '::ffff:203.0.113.9', null, 0, '203.0.113.9']
] as const)('%s', ([, socket, forwarded, hops, address]) => {
	expect(seen(socket, forwarded, hops)).toBe(address);
});

test.for([
	['192.0.2.1', '192.0.2.1'],
	['::ffff:192.0.2.1', '192.0.2.1'],
	['0:0:0:0:0:FFFF:192.0.2.1', '192.0.2.1'],
	['::ffff:c000:201', '192.0.2.1'],
	['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
	['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
	['2001:db8::1', '2001:db8:0:0::/64'],
	['2001:db8::3:4:5:6', '2001:db8:0:0::/64'],
	['::1', '0:0:0:0::/64'],
	['::', '0:0:0:0::/64'],
	['::192.0.2.1', '0:0:0:0::/64'],
	['fe80::1:2%eth0', 'fe80:0:0:0::/64'],
	['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64']
] as const)('%s is counted as %s', ([address, network]) => {
	expect(networkOf(address)).toBe(network);
});

test('whoever has one address has all of its network, and none of the next', () => {
	expect(networkOf('2001:db8:1:2:ffff::1')).toBe(networkOf('2001:db8:1:2::'));
	expect(networkOf('2001:db8:1:3::')).not.toBe(networkOf('2001:db8:1:2::'));
});
