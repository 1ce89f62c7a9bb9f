import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { startServer, stopServer } from '../db/cluster.ts';

const DEBIAN = '/usr/lib/postgresql';
const PROGRAMS = ['initdb', 'pg_ctl', 'postgres', 'pg_dump', 'pg_restore'];

/** The folder of a PostgreSQL of this machine that can be dumped by its own programs: the embedded one has none. */
export const wholePostgres = (): string | undefined =>
	[
		...(existsSync(DEBIAN) ? readdirSync(DEBIAN).map((version) => join(DEBIAN, version, 'bin')) : []),
		...(process.env.PATH ?? '').split(delimiter)
	].find((folder) => PROGRAMS.every((program) => existsSync(join(folder, program))));

/** PostgreSQL refuses to run as root. */
async function systemUser(): Promise<{ uid: number; gid: number } | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const accounts = await fs.readFile('/etc/passwd', 'utf8');
	const [, , uid, gid] = (/^postgres:.*/m.exec(accounts) ?? /^nobody:.*/m.exec(accounts))![0].split(':').map(Number);
	return { uid: uid!, gid: gid! };
}

/** Serves a new cluster of it, which trusts this machine, and answers the superuser's URL without a database. */
export async function servePostgres(binaries: string): Promise<{ url: string; stop: () => Promise<void> }> {
	const home = await fs.mkdtemp(join(await fs.realpath(tmpdir()), 'gatehouse-'));
	const user = await systemUser();
	if (user) await fs.chown(home, user.uid, user.gid);
	const cluster = { home, data: join(home, 'data'), binaries, user };
	const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C', '-D', cluster.data];
	await promisify(execFile)(join(binaries, 'initdb'), options, { ...user, cwd: '/' });
	const port = await startServer(cluster);
	const stop = async () => {
		await stopServer(cluster);
		await fs.rm(home, { recursive: true });
	};
	return { url: `postgres://postgres@127.0.0.1:${port}/`, stop };
}
