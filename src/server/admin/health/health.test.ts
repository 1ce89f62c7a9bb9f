import { expect, test } from 'vitest';
import { makeUser } from '../../../../tests/fixtures.ts';
import { version } from '../../../../package.json';

test('health tells of the database, the queue, this process and the versions', async () => {
	const { api } = await makeUser({ sysAdmin: true });
	const { database, pool, queue, process: own, versions } = await api.admin.health();
	expect(versions).toMatchObject({ app: version, node: process.version.slice(1) });
	expect(versions.postgres).toMatch(/^\d+/);
	expect(versions.migration).toMatch(/^\d{4}_\w+$/);
	expect(database.size).toBeGreaterThan(1_000_000);
	expect(database.connections).toBeLessThanOrEqual(database.most);
	expect(pool.busy + pool.idle).toBeLessThanOrEqual(pool.most);
	for (const number of [database.roundTripMs, own.lagMs.mean, own.uptimeSeconds, queue.waiting, queue.oldestSeconds])
		expect(number).toBeGreaterThanOrEqual(0);
	expect(own.lagMs.most).toBeGreaterThanOrEqual(own.lagMs.mean);
});
