import { deflateSync } from 'node:zlib';
import sharp, { type FormatEnum } from 'sharp';
import { expect, test } from 'vitest';
import type { SignedIn } from '../auth/actor.ts';
import { LIMITS, makeOrg, makeUser, race } from '../../../tests/fixtures.ts';
import { toAvatar } from './picture.ts';
import { findAvatar, removeAvatar, setAvatar } from './service.ts';

type Person = Awaited<ReturnType<typeof makeUser>>;

const UNLIMITED = { limits: { ...LIMITS.limits, factor: 0 } };
const CANARY = 'canary-in-a-coal-mine';

const blank = (background: string, [width, height] = [600, 300]) =>
	sharp({ create: { width: width, height: height, channels: 3, background } });

const pictureOf = (format: keyof FormatEnum, background = 'red') =>
	blank(background)
		.withExif({ IFD0: { Copyright: CANARY }, IFD3: { GPSLatitude: '51/1 30/1 0/1' } })
		.toFormat(format)
		.toBuffer();

const give = async ({ actor }: Person, file: Uint8Array, settings = UNLIMITED) =>
	setAvatar((await actor()) as SignedIn, file, settings);
const nameOf = (address: string) => /^\/avatars\/([0-9a-f]{64})\.webp$/.exec(address)![1]!;

test.for(['png', 'jpeg', 'webp'] as const)(
	'of a %s the middle is kept, small and without what it told',
	async (format) => {
		const person = await makeUser();
		const { avatarUrl } = await give(person, await pictureOf(format));
		const kept = await findAvatar(nameOf(avatarUrl));
		const told = await sharp(kept).metadata();
		expect(told).toMatchObject({ format: 'webp', width: 256, height: 256 });
		expect(told.exif).toBeUndefined();
		expect(kept.includes(CANARY)).toBe(false);
		expect((await person.api.auth.me()).user.avatarUrl).toBe(avatarUrl);
		expect((await person.api.account.get()).avatarUrl).toBe(avatarUrl);
	}
);

test('of a file that is a picture and something else, nothing but the picture is kept', async () => {
	const script = `<script>${CANARY}</script>`;
	const polyglot = Buffer.concat([await pictureOf('jpeg'), Buffer.from(`PK\u0003\u0004${script}`)]);
	const kept = await toAvatar(polyglot);
	expect(kept.includes(CANARY)).toBe(false);
	expect(await sharp(kept).metadata()).toMatchObject({ format: 'webp', width: 256, height: 256 });
});

const crc = (bytes: Buffer) => {
	let value = ~0;
	for (const byte of bytes) {
		value ^= byte;
		for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
	}
	return ~value >>> 0;
};

function chunk(type: string, data: Buffer): Buffer {
	const body = Buffer.concat([Buffer.from(type), data]);
	const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
	length.writeUInt32BE(data.length);
	sum.writeUInt32BE(crc(body));
	return Buffer.concat([length, body, sum]);
}

/** A PNG that says it has so many pixels of a side, and would be 900 MB unpacked. */
function bomb(side: number): Buffer {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(side, 0);
	header.writeUInt32BE(side, 4);
	header.set([8, 0], 8);
	const signature = Buffer.from('89504e470d0a1a0a', 'hex');
	const rows = deflateSync(Buffer.alloc(1_000_000));
	return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', rows), chunk('IEND', Buffer.alloc(0))]);
}

const refusedFiles: [string, () => Promise<Uint8Array> | Uint8Array][] = [
	[
		'an SVG',
		() => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>')
	],
	['an SVG behind an XML header', () => Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>')],
	['a GIF', () => pictureOf('gif')],
	['a TIFF', () => pictureOf('tiff')],
	['a page', () => Buffer.from('<!doctype html><script>alert(1)</script>')],
	['nothing', () => Buffer.alloc(0)],
	['half a PNG', async () => (await pictureOf('png')).subarray(0, 60)],
	['a bomb', () => bomb(30_000)]
];

test.for(refusedFiles)('%s is refused', async ([, file]) => {
	const person = await makeUser();
	await expect(give(person, await file())).rejects.toMatchObject({
		reason: 'invalid',
		fields: { avatar: [expect.any(String)] }
	});
	expect((await person.api.account.get()).avatarUrl).toBeNull();
});

test('a new picture takes the place of the old one, whose address is dead', async () => {
	const person = await makeUser();
	const first = await give(person, await pictureOf('png', 'red'));
	const second = await give(person, await pictureOf('png', 'blue'));
	expect(second.avatarUrl).not.toBe(first.avatarUrl);
	await expect(findAvatar(nameOf(first.avatarUrl))).rejects.toMatchObject({ reason: 'not_found' });
	await removeAvatar((await person.actor()) as SignedIn);
	await expect(findAvatar(nameOf(second.avatarUrl))).rejects.toMatchObject({ reason: 'not_found' });
	expect((await person.api.account.get()).avatarUrl).toBeNull();
	const { items } = await person.api.account.activity();
	expect(items.map(({ details }) => details)).toEqual(Array(3).fill({ changed: ['avatarUrl'] }));
});

test('of twenty pictures sent at once one stays, and its address leads to it', async () => {
	const person = await makeUser();
	const files = await Promise.all(Array.from({ length: 20 }, (_, n) => pictureOf('png', `rgb(${n * 12}, 0, 0)`)));
	const { won } = await race(20, (index) => give(person, files[index]!));
	expect(won).toHaveLength(20);
	const { avatarUrl } = await person.api.account.get();
	await findAvatar(nameOf(avatarUrl!));
	const gone = won.filter((given) => given.avatarUrl !== avatarUrl);
	expect(gone).toHaveLength(19);
	for (const given of gone)
		await expect(findAvatar(nameOf(given.avatarUrl))).rejects.toMatchObject({ reason: 'not_found' });
});

test('two people with one picture have addresses that do not tell', async () => {
	const [ada, bob] = [await makeUser(), await makeUser()];
	const file = await pictureOf('png');
	expect((await give(ada, file)).avatarUrl).not.toBe((await give(bob, file)).avatarUrl);
});

test('those in one’s organizations see it beside one’s name', async () => {
	const { slug: org, members } = await makeOrg('org_admin', 'readonly');
	const { avatarUrl } = await give(members[0], await pictureOf('png'));
	const { items } = await members[1].api.members.list({ org });
	expect(items.map((member) => member.avatarUrl)).toEqual([avatarUrl, null]);
});

test('thirty pictures an hour are enough for anybody', async () => {
	const person = await makeUser({}, {}, '10.77.1.2');
	const { lost } = await race(40, () => give(person, Buffer.alloc(0), LIMITS));
	expect(lost.filter(({ reason }) => reason === 'rate_limited')).toHaveLength(10);
});
