import { availableParallelism } from 'node:os';
import { compareCallers, makeCallers, pace } from './keys.ts';
import { askWith, askWithout, attack, signIn, verifyRaw } from './measure.ts';
import { makePeople, type People } from './people.ts';
import { startServer } from './server.ts';
import { median, milliseconds, table } from './table.ts';

const ROUNDS = 5;
const cores = availableParallelism();

/** Enough sign-ins under way that one waits for the disk while others hash. */
const AT_ONCE = cores * 4;

/** A round of some seconds. */
const HASHES = cores * 100;

/** Turn by turn, so that what else the machine does falls on both; the ratio of each round by itself. */
async function compare(measured: () => Promise<number>, against: () => Promise<number>) {
	const rounds: { measured: number; against: number }[] = [];
	for (let round = 0; round < ROUNDS; round++) {
		rounds.push({ against: await against(), measured: await measured() });
	}
	return {
		ratio: median(rounds.map(({ measured, against }) => measured / against)),
		measured: median(rounds.map(({ measured }) => measured)),
		against: median(rounds.map(({ against }) => against))
	};
}

const perSecond = (value: number) => `${value.toFixed(value < 100 ? 1 : 0)}/s`;

/** Calls a second on one key that shall change nothing for any of them; and so few that they cannot. */
const [MANY, FEW] = [500, 50];

async function benchKeys(origin: string): Promise<string[][]> {
	const callers = await makeCallers();
	const { anonymous, session, key } = await compareCallers(origin, callers);
	const calm = await pace(origin, callers, FEW, 5);
	const busy = await pace(origin, callers, MANY, 10);
	return [
		['orgs.get by key : by session', (key / session).toFixed(2), '≤ 1.10', inTime(key, session)],
		['orgs.get by key : auth.session without', (key / anonymous).toFixed(2), '', inTime(key, anonymous)],
		[
			`p99 of ${MANY} calls a second on one key`,
			milliseconds(busy.p99),
			'flat',
			`${milliseconds(calm.p99)} at ${FEW} a second; medians ${inTime(busy.median, calm.median)}`
		]
	];
}

const inTime = (one: number, other: number) => `${milliseconds(one)} : ${milliseconds(other)}`;

async function bench(origin: string, people: People): Promise<void> {
	await askWith(origin, people, 2);
	const session = await compare(
		() => askWith(origin, people, 2),
		() => askWithout(origin, 2)
	);
	const hashing = await compare(
		() => signIn(origin, people, AT_ONCE, HASHES),
		() => verifyRaw(people, AT_ONCE, HASHES)
	);
	const keys = await benchKeys(origin);
	await attack(origin, 1);
	const answers = (await attack(origin, 5)).toSorted((a, b) => b.slowest - a.slowest);
	const [slowest] = answers;

	console.log(`\nMedians of ${ROUNDS} rounds on ${cores} cores; the load comes from the same machine.\n`);
	console.log(
		table([
			['', 'figure', 'aim', 'behind it'],
			[
				'auth.me with a session : auth.session without',
				session.ratio.toFixed(2),
				'≥ 0.50',
				`${perSecond(session.measured)} : ${perSecond(session.against)}`
			],
			[
				'auth.login : raw Argon2 verification',
				hashing.ratio.toFixed(2),
				'≥ 0.90',
				`${perSecond(hashing.measured)} : ${perSecond(hashing.against)}`
			],
			...keys,
			['slowest answer to bad input', milliseconds(slowest!.slowest), '< 100 ms', slowest!.name]
		])
	);
	console.log('\nBad input, the slowest of 5 answers to each kind\n');
	console.log(
		table(answers.map(({ name, status, slowest }) => [milliseconds(slowest).padStart(9), String(status), name]))
	);
}

try {
	const people = await makePeople(HASHES * ROUNDS);
	const server = await startServer();
	await bench(server.origin, people).finally(server.stop);
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
