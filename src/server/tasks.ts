import { AUDIT_RETENTION_DAYS } from '$app/env/private';
import { sendConfirmation } from './addresses/service.ts';
import { dropOld } from './audit/service.ts';
import { db } from './db.ts';
import { eraseDue } from './erasure/service.ts';
import { makeExport } from './exports/service.ts';
import { releaseJobs, type Handlers } from './jobs.ts';
import { deliver, giveUpAbandoned } from './mail/service.ts';
import { sendResetLink } from './passwords/service.ts';
import { prune } from './pruning/service.ts';
import { sendVerification, sendVerificationAgain } from './signups/service.ts';
import { settleAbandoned } from './spend/service.ts';
import { warnOfQuota } from './usage/service.ts';

/** What runs in the background, by the name it is queued under. */
export const handlers: Handlers = {
	mail: ({ mailId }, { isLast }) => deliver(mailId, isLast),
	verification: ({ signUpId }) => sendVerification(signUpId),
	verification_again: sendVerificationAgain,
	password_reset: ({ email }) => sendResetLink(email),
	quota_warning: warnOfQuota,
	email_change: ({ changeId }) => sendConfirmation(changeId),
	account_export: ({ exportId }, { isLast }) => makeExport(exportId, isLast),
	erasure: eraseDue,
	spend_settling: settleAbandoned,
	audit_retention: () => dropOld(AUDIT_RETENTION_DAYS),
	prune: async () => void (await prune()),
	release_jobs: async () => {
		await releaseJobs(db);
		await giveUpAbandoned();
	}
};
