import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Tried again for a while: an autovacuum worker in there is nobody's to end, and soon done. */
export async function drop(client: pg.Client, name: string): Promise<void> {
	for (let left = 50; ; left--) {
		try {
			await client.query(`drop database if exists ${name} with (force)`);
			return;
		} catch (error) {
			if (left === 0) throw error;
			await sleep(200);
		}
	}
}
