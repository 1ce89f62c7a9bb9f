import autocannon from 'autocannon';
import { verify } from '@node-rs/argon2';
import { attacks } from '../e2e/attacks.ts';
import { send } from '../e2e/raw.ts';
import { PASSWORD, type People } from './people.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

type Load = Omit<Parameters<typeof autocannon>[0], 'url'>;

/** Successful requests per second; anything else would be a fast way to a fine figure. */
async function rate(origin: string, load: Load): Promise<number> {
	const { duration, errors, non2xx, ...result } = await autocannon({ url: origin, ...load });
	if (errors + non2xx > 0) throw new Error(`${load.path}: ${errors} errors, ${non2xx} answers other than 2xx.`);
	return result['2xx'] / duration;
}

const CONNECTIONS = 10;

let addresses = 0;

/** Through the proxy of the deployment, from an address that asked for nothing yet: nobody is over a limit. */
function fromElsewhere(): { 'X-Forwarded-For': string } {
	addresses++;
	return { 'X-Forwarded-For': [10, addresses >> 16, (addresses >> 8) & 255, addresses & 255].join('.') };
}

const strangers = Array.from({ length: 200 }, () => ({ headers: fromElsewhere() }));

export const askWithout = (origin: string, duration: number) =>
	rate(origin, { path: '/trpc/auth.session', requests: strangers, connections: CONNECTIONS, duration });

export const askWith = (origin: string, { cookies }: People, duration: number) => {
	const requests = cookies.map((cookie) => ({ headers: { Cookie: cookie } }));
	return rate(origin, { path: '/trpc/auth.me', requests, connections: CONNECTIONS, duration });
};

/** How often `work` is done in a second, so many at once; autocannon would round the time to whole seconds. */
async function repeat(atOnce: number, amount: number, work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	let next = 0;
	const worker = async () => {
		while (next++ < amount) await work();
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
	return (amount / (performance.now() - start)) * 1000;
}

/** Sign-ins per second, each of them somebody else's, who did not sign in before: in a new browser a mail would go out. */
export const signIn = (origin: string, { emails }: People, atOnce: number, amount: number) =>
	repeat(atOnce, amount, async () => {
		const body = JSON.stringify({ identifier: emails.pop(), password: PASSWORD });
		const headers = { ...JSON_TYPE, ...fromElsewhere() };
		const { status } = await send('/trpc/auth.login', { method: 'POST', headers, body }, origin);
		if (status !== 200) throw new Error(`auth.login answered ${status}.`);
	});

/** Verifications per second that this machine can do. */
export const verifyRaw = ({ passwordHash }: People, atOnce: number, amount: number) =>
	repeat(atOnce, amount, () => verify(passwordHash, PASSWORD));

export type Answer = { name: string; status: number; slowest: number };

/** The slowest of some answers to each kind of bad input, in milliseconds. */
export async function attack(origin: string, times: number): Promise<Answer[]> {
	const answers: Answer[] = [];
	for (const { name, path, method, headers, body } of attacks) {
		let slowest = 0;
		let last = 0;
		for (let nth = 0; nth < times; nth++) {
			const start = performance.now();
			const answer = await send(path, { method, headers: { ...fromElsewhere(), ...headers }, body }, origin);
			slowest = Math.max(slowest, performance.now() - start);
			last = answer.status;
		}
		answers.push({ name, status: last, slowest });
	}
	return answers;
}
