import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { race } from '../../tests/fixtures.ts';
import { countIn, giveBack, takeBlock, type Block, type Bucket } from './buckets.ts';
import { sign } from './crypto.ts';
import { db } from './db.ts';
import { newLeases } from './lease.ts';

const newBucket = (most = 600): Bucket => ({ name: 'test', who: randomUUID(), most, seconds: 60 });
const allowed = (spent: { allowed: boolean }[]) => spent.filter((one) => one.allowed).length;

/** The leases of a process of its own, which tells how often it asked the database. */
function newProcess() {
	const blocks: Block[] = [];
	const leases = newLeases(async (bucket, size) => {
		const block = await takeBlock(bucket, size);
		blocks.push(block);
		return block;
	});
	return { ...leases, blocks };
}

describe('spending by leases', () => {
	test('is exact within a process, and asks the database once for many calls', async () => {
		const { spend, blocks } = newProcess();
		const bucket = newBucket();
		expect(await spend(bucket)).toMatchObject({ allowed: true, left: 599 });
		await race(59, () => spend(bucket));
		expect(blocks).toHaveLength(1);
		const { won } = await race(700, () => spend(bucket));
		expect(allowed(won)).toBe(540);
		expect(won.filter((one) => !one.allowed)).toEqual(
			Array(160).fill({ allowed: false, left: 0, wait: expect.any(Number) as number })
		);
		const asked = blocks.length;
		await race(100, () => spend(bucket));
		expect(blocks).toHaveLength(asked);
	});

	test.for([1, 7, 60, 600])('of %i never exceeds it when four processes spend at once', async (most) => {
		const bucket = newBucket(most);
		const processes = Array.from({ length: 4 }, newProcess);
		const { won } = await race(most * 2 + 40, (index) => processes[index % 4]!.spend(bucket));
		expect(allowed(won)).toBe(most);
	});

	test('by turns in several processes leaves next to nothing unspent', async () => {
		const bucket = newBucket();
		const processes = Array.from({ length: 16 }, newProcess);
		let passed = 0;
		for (let nth = 0; nth < 600; nth++) passed += Number((await processes[nth % 16]!.spend(bucket)).allowed);
		expect(passed).toBeGreaterThan(530);
		for (let nth = 0; nth < 600; nth++) passed += Number((await processes[nth % 16]!.spend(bucket)).allowed);
		expect(passed).toBeLessThanOrEqual(600);
	});

	test('takes smaller blocks the less is left', async () => {
		const bucket = newBucket();
		const granted: number[] = [];
		for (let block = await takeBlock(bucket, 60); block.granted > 0; block = await takeBlock(bucket, 60)) {
			granted.push(block.granted);
		}
		expect(granted.slice(0, 3)).toEqual([60, 54, 48]);
		expect(granted.at(-1)).toBe(1);
		expect(granted.reduce((sum, block) => sum + block)).toBe(600);
	});

	test('begins anew with the next window, and not before', async () => {
		const { spend } = newProcess();
		const bucket = { ...newBucket(3), seconds: 1 };
		const spent = [];
		for (let nth = 0; nth < 4; nth++) spent.push(await spend(bucket));
		expect(allowed(spent)).toBe(3);
		const { wait } = spent[3]!;
		expect(wait).toBeLessThanOrEqual(1);
		// For a process the window ends a moment before it does in the database.
		await new Promise((resolve) => setTimeout(resolve, wait * 1000 + 200));
		expect((await spend(bucket)).allowed).toBe(true);
	});

	test('fails as one when the database cannot be asked, and goes on with the next call', async () => {
		let away = true;
		const { spend } = newLeases((bucket, size) => (away ? Promise.reject(new Error('away')) : takeBlock(bucket, size)));
		const bucket = newBucket();
		const { lost } = await race(20, () => spend(bucket));
		expect(lost).toHaveLength(20);
		away = false;
		expect((await spend(bucket)).allowed).toBe(true);
	});

	test('stops when what it holds is dropped', async () => {
		const { spend, drop, blocks } = newProcess();
		const bucket = newBucket();
		await spend(bucket);
		drop();
		await spend(bucket);
		expect(blocks).toHaveLength(2);
	});
});

describe('counting in several buckets', () => {
	const named = (most: number, name: string) => ({ ...newBucket(most), name });

	test('is all or nothing: what one of them refuses counts in none', async () => {
		const [small, large] = [named(5, 'small'), named(100, 'large')];
		const { won } = await race(20, () => countIn([large, small]));
		const counts = won.flatMap((count) => ('counted' in count ? [count] : []));
		expect(counts).toHaveLength(5);
		expect(won.filter((count) => 'full' in count).map(({ full }) => full)).toEqual(Array(15).fill(small));
		const { won: left } = await race(120, () => countIn([large]));
		expect(left.filter((count) => 'counted' in count)).toHaveLength(95);
	});

	test('names the one that lets nobody in for longest', async () => {
		const [short, long] = [
			{ ...named(1, 'short'), seconds: 10 },
			{ ...named(1, 'long'), seconds: 1000 }
		];
		await countIn([short, long]);
		const count = await countIn([short, long]);
		expect(count).toMatchObject({ full: long });
		expect('wait' in count && count.wait).toBeGreaterThan(900);
	});

	test('keeps nothing of what is refused, whatever names are asked about', async () => {
		const full = named(1, 'full');
		await countIn([full]);
		const names = Array.from({ length: 20 }, () => named(5, `refused ${randomUUID()}`));
		await race(20, (index) => countIn([full, names[index]!]));
		const rows = db.selectFrom('rateLimit').where(
			'name',
			'in',
			names.map(({ name }) => name)
		);
		expect(await rows.select('name').execute()).toEqual([]);
	});

	test('begins a window with the first that stays counted', async () => {
		const bucket = { ...named(2, 'tried'), seconds: 60 };
		const past = new Date(Date.now() + 10_000);
		const count = await countIn([bucket]);
		await giveBack('counted' in count ? count.counted : []);
		await db
			.updateTable('rateLimit')
			.where('subject', '=', sign('limit', `tried ${bucket.who}`))
			.set({ resetsAt: past })
			.execute();
		await countIn([bucket]);
		await countIn([bucket]);
		const refused = await countIn([bucket]);
		expect('wait' in refused && refused.wait).toBeGreaterThan(50);
	});

	test('in any order, with taking back between, waits for nobody for ever', async () => {
		const buckets = [named(1000, 'a'), named(1000, 'b'), named(1000, 'c')];
		const { won, lost } = await race(60, async (index) => {
			const count = await countIn(index % 2 ? buckets : buckets.toReversed());
			if ('counted' in count && index % 3) await giveBack(count.counted);
			return count;
		});
		expect([won.length, lost.length]).toEqual([60, 0]);
		const { won: left } = await race(990, () => countIn(buckets));
		expect(left.filter((count) => 'counted' in count)).toHaveLength(980);
	});

	test('of an earlier window is not given back in the next', async () => {
		const bucket = { ...named(2, 'brief'), seconds: 0.2 };
		const count = await countIn([bucket]);
		await new Promise((resolve) => setTimeout(resolve, 300));
		await countIn([{ ...bucket, seconds: 60 }]);
		await countIn([{ ...bucket, seconds: 60 }]);
		await giveBack('counted' in count ? count.counted : []);
		expect(await countIn([bucket])).toMatchObject({ full: bucket });
	});
});
