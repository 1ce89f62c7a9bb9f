import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';

test('a run drops its database and that of a killed run, not that of one under way', async () => {
	const underWay = launch('echo $DATABASE_URL; cat');
	const killed = launch('echo $DATABASE_URL; cat');
	const [first, second] = await Promise.all([firstLine(underWay), firstLine(killed)]);
	killed.kill('SIGKILL');
	await once(killed, 'exit');

	const short = launch('echo $DATABASE_URL; exit 7');
	const [third, exit] = await Promise.all([firstLine(short), once(short, 'exit')]);
	expect(exit).toEqual([7, null]);
	expect(await Promise.all([first, second, third].map(exists))).toEqual([true, false, false]);
});

test('a signal reaches the command, and its database is dropped all the same', async () => {
	const run = launch('trap "exit 3" TERM; echo $DATABASE_URL; while :; do sleep 0.1; done');
	const url = await firstLine(run);
	run.kill('SIGTERM');
	expect(await once(run, 'exit')).toEqual([3, null]);
	expect(await exists(url)).toBe(false);
});

function launch(script: string): ChildProcess {
	const launcher = fileURLToPath(new URL('./database.ts', import.meta.url));
	const child = spawn(process.execPath, [launcher, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
	onTestFinished(async () => {
		child.stdin.end();
		if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
	});
	return child;
}

async function firstLine(child: ChildProcess): Promise<string> {
	const [output] = (await once(child.stdout!, 'data')) as [Buffer];
	return output.toString().trim();
}

async function exists(url: string): Promise<boolean> {
	const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
	await client.connect();
	const name = new URL(url).pathname.slice(1);
	const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
	await client.end();
	return rowCount === 1;
}
