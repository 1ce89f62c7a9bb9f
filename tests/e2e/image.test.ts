import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createDatabase, dropDatabase, query } from './database.ts';
import { expect, test } from './fixtures.ts';
import { newEmail } from './people.ts';
import { send } from './raw.ts';
import { DEPLOYED, ending, start } from './server.ts';

const dockerfile = readFileSync('Dockerfile', 'utf8');
const stages = dockerfile.split(/^FROM /m);

/** A file system that takes no change, as far as Node itself can imitate one. */
const READ_ONLY = ['--permission', '--allow-fs-read=*', '--allow-addons'];

/** From where to where the first and the last stage copy; what another stage made is here already. */
const copies = [stages[1]!, stages.at(-1)!]
	.flatMap((stage) => stage.match(/^COPY .+$/gm) ?? [])
	.flatMap((line) => {
		const words = line.split(' ').slice(1);
		const paths = words.filter((word) => !word.startsWith('--')).map((path) => path.replace('/app/', ''));
		const target = paths.pop()!;
		return paths.map((source) => [source, target.endsWith('/') ? join(target, basename(source)) : target] as const);
	});

type Lock = { packages: Record<string, { dev?: boolean; devOptional?: boolean }> };

/** Packages that `npm ci --omit=dev` installs. */
function productionPackages(): string[] {
	const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
	return Object.entries(packages).flatMap(([path, { dev, devOptional }]) =>
		/^node_modules\/[^/]+(\/[^/]+)?$/.test(path) && !dev && !devOptional ? [path] : []
	);
}

/** What the image holds, in a folder of its own. */
async function unpack(): Promise<string> {
	const folder = await fs.mkdtemp(join(await fs.realpath(tmpdir()), 'gatehouse-image-'));
	for (const path of productionPackages()) {
		await fs.mkdir(dirname(join(folder, path)), { recursive: true });
		await fs.symlink(resolve(path), join(folder, path));
	}
	const filter = (path: string) => !path.endsWith('.test.ts');
	for (const [source, target] of copies) {
		if (source !== 'node_modules') await fs.cp(source, join(folder, target), { recursive: true, filter });
	}
	return folder;
}

test('the image holds what the server and its programs need, and writes nothing', async () => {
	const [folder, databaseUrl] = [await unpack(), await createDatabase()];
	const env = { ...DEPLOYED, DATABASE_URL: databaseUrl, SECRET_KEY: randomBytes(32).toString('base64') };
	const run = (args: string[], input = '') =>
		spawnSync(process.execPath, [...READ_ONLY, ...args], { cwd: folder, env, input, encoding: 'utf8' });
	const { child, origin } = await start(databaseUrl, env, { cwd: folder, flags: READ_ONLY });
	try {
		expect((await send('/ready', {}, origin)).status).toBe(200);
		expect((await send('/login', { headers: { Host: 'app.example.com', Accept: 'text/html' } }, origin)).status).toBe(
			200
		);
		expect(run(['-e', "fs.writeFileSync('file', '')"]).stderr).toContain('ERR_ACCESS_DENIED');

		const email = newEmail();
		const admin = run(['db/create-admin.ts', '--email', email], 'wandering-teapot-92\n');
		expect(admin.stderr + admin.stdout).toContain(`${email} is a sys_admin now`);
		const { rowCount } = await query('select from "user" where sys_admin and email = $1', [email], databaseUrl);
		expect(rowCount).toBe(1);
		for (const program of ['migrate', 'check-config', 'check-ledger']) {
			const { status, stderr, stdout } = run([`db/${program}.ts`]);
			expect(status, stderr + stdout).toBe(0);
		}

		const [, check] = /^HEALTHCHECK[^[]+(\[.+\])$/m.exec(dockerfile)!;
		const [, ...command] = JSON.parse(check!) as string[];
		const healthy = (port: string) => spawnSync(process.execPath, command, { env: { PORT: port } }).status;
		expect(healthy(new URL(origin).port)).toBe(0);
		expect(healthy('9')).toBe(1);
		const stopped = ending(child);
		child.kill('SIGTERM');
		expect(await stopped).toBe(0);
	} finally {
		child.kill('SIGKILL');
		await dropDatabase(databaseUrl);
		await fs.rm(folder, { recursive: true });
	}
});

test('what the image is made of gets past .dockerignore, and secrets do not', () => {
	const [, ...allowed] = readFileSync('.dockerignore', 'utf8').match(/^[^#\n].*$/gm)!;
	const isSent = (path: string) => allowed.includes(`!${path.split('/')[0]}`);
	const sources = copies.map(([source]) => source).filter((source) => !['node_modules', 'build'].includes(source));
	expect([...sources, 'vite.config.ts', 'static'].filter((source) => !isSent(source))).toEqual([]);
	expect(['.env', '.env.production', '.data', '.git', 'node_modules', 'build'].filter(isSent)).toEqual([]);
});
