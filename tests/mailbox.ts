import { setTimeout as sleep } from 'node:timers/promises';
import { runOnce } from 'graphile-worker';
import { pool } from '#server/db.ts';
import { logger, tasks } from '#server/jobs.ts';
import { listSentMail } from '#server/mail/service.ts';

/** Works on whatever jobs are due, as the running app would. */
export const runJobs = () => runOnce({ pgPool: pool, taskList: tasks, logger, noHandleSignals: true });

/** What was sent to an address, newest first, once every job that waits is done. */
export async function mailTo(to: string) {
	await runJobs();
	return listSentMail(to);
}

/** The newest mail to an address; another test file's worker may be carrying it, so it may take a moment. */
export async function lastMail(to: string, subject = /./) {
	for (let tries = 0; tries < 100; tries++) {
		const mail = (await mailTo(to)).find((sent) => subject.test(sent.subject));
		if (mail) return mail;
		await sleep(50);
	}
	throw new Error(`No mail ${subject} came for ${to}.`);
}

export type LinkKind = 'verify' | 'reset' | 'invite' | 'confirm-email' | 'undo-email' | 'restore' | 'export';

/** The token of the last link of a kind that was sent to an address. */
export async function lastToken(kind: LinkKind, to: string): Promise<string> {
	const link = new RegExp(`/${kind}/([\\w-]+)`);
	for (let tries = 0; tries < 100; tries++) {
		for (const { text } of await mailTo(to)) {
			const token = link.exec(text)?.[1];
			if (token) return token;
		}
		await sleep(50);
	}
	throw new Error(`No ${kind} link came for ${to}.`);
}
