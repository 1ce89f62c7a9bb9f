import type { Page } from 'playwright/test';
import { query } from './database.ts';
import { lastLink } from './mail.ts';
import { call, firstOrg, invite, newEmail, newPerson, PASSWORD } from './people.ts';

/** A link of each kind in each state, for addresses of their own. */
export async function manyLinks(page: Page, otherBrowser: () => Promise<Page>) {
	const { request } = page;
	const late = newEmail();
	const fresh = newEmail();
	for (const email of [late, fresh]) await call(request, 'auth.signup', { email, password: PASSWORD });
	const verifyLate = await lastLink('verify', late);
	await query("update sign_up set expires_at = now() - interval '1 second' where email = $1", [late]);

	const person = await newPerson(page);
	await page.context().clearCookies({ name: /^(session_id|csrf_token)$/ });
	await call(request, 'password.forgot', { email: person });
	const reset = await lastLink('reset', person);
	const admin = await otherBrowser();
	const [moving, moved] = [await newPerson(admin), newEmail()];
	const { slug } = await firstOrg(admin);
	await call(admin.request, 'account.changeEmail', { email: moved, password: PASSWORD });
	return {
		invite: await invite(admin, slug, newEmail()),
		'invite, with an account': await invite(admin, slug, person),
		'invite, unknown': `${reset.replace('reset', 'invite')}`,
		verify: await lastLink('verify', fresh),
		'verify, expired': verifyLate,
		'verify, used': await lastLink('verify', person),
		reset,
		'reset, unknown': `${reset}x`,
		confirm: await lastLink('confirm-email', moved),
		'confirm, unknown': `${reset.replace('reset', 'confirm-email')}`,
		undo: await lastLink('undo-email', moving),
		'undo, unknown': `${reset.replace('reset', 'undo-email')}`
	};
}
