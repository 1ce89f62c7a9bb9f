import { giveBack, type Bucket } from '../buckets.ts';
import { bucketOf, CALLS, callsOf, count, type Limits } from '../limit.ts';
import type { Actor } from './actor.ts';
import { networkOf } from '../../../http/address.ts';

/** Wrong passwords for one account from anywhere, and for all accounts from one address. */
const GUESSES = { account: { most: 20, seconds: 3600 }, address: { most: 50, seconds: 900 } };

/** Wrong passwords that the deployment allows. */
const oftenIn = ({ attempts, windowMinutes }: Limits) => ({ most: attempts, seconds: windowMinutes * 60 });

/** Whose password is tried: an account's id, or what was typed where there is none; and the browser, if it is known there. */
export type Target = { account: string; device: string | undefined };

/** A browser that signed in to the account before is counted by itself: no stranger's failures keep its owner out. */
function attemptsOf(actor: Actor, { account, device }: Target, limits: Limits): Bucket[] {
	const here = networkOf(actor.ip);
	const often = oftenIn(limits);
	if (device) {
		const who = `${account} ${device}`;
		return [
			bucketOf('login.device', who, often, limits),
			bucketOf('login.device_hourly', who, GUESSES.account, limits),
			bucketOf('calls.device', who, CALLS.anonymous, limits)
		];
	}
	return [
		bucketOf('login.pair', `${account} ${here}`, often, limits),
		bucketOf('login.account', account, GUESSES.account, limits),
		bucketOf('login.address', here, GUESSES.address, limits),
		callsOf(actor, limits)
	];
}

const isCall = ({ name }: Bucket) => name.startsWith('calls.');

/** Counts an attempt before `check` looks at the password. Only one that it answers false to stays counted. */
async function attempt(buckets: Bucket[], check: () => Promise<boolean>): Promise<boolean> {
	const counted = await count(buckets);
	let isWrong = false;
	try {
		isWrong = !(await check());
		return !isWrong;
	} finally {
		if (!isWrong) await giveBack(counted.filter((bucket) => !isCall(bucket)));
	}
}

/**
 * Tries to sign in; whether the password is right. The call itself is counted here, too.
 * @throws {AppError} `rate_limited`, alike whether or not there is such an account
 */
export const attemptLogin = (actor: Actor, target: Target, limits: Limits, check: () => Promise<boolean>) =>
	limits.factor === 0 ? check() : attempt(attemptsOf(actor, target, limits), check);

/**
 * Asks somebody signed in for their password again; whether it is right. Each session is counted by itself, so that
 * whoever stole one cannot keep the owner from changing the password.
 * @throws {AppError} `rate_limited`
 */
export async function attemptProof(sessionHandle: string, limits: Limits, check: () => Promise<boolean>) {
	if (limits.factor === 0) return check();
	return attempt([bucketOf('proof.session', sessionHandle, oftenIn(limits), limits)], check);
}
