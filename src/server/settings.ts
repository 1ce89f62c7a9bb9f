import {
	APP_MODE,
	APP_NAME,
	BREACH_CHECK_URL,
	INVITATION_EXPIRY_DAYS,
	LOGIN_MAX_ATTEMPTS,
	LOGIN_WINDOW_MINUTES,
	MAX_SESSIONS_PER_USER,
	PASSWORD_MIN_LENGTH,
	RATE_LIMIT_FACTOR
} from '$app/env/private';
import { model } from './assistant/configured.ts';
import type { Model } from './assistant/model.ts';
import type { PasswordRules } from './auth/password.ts';
import type { Limits } from './limit.ts';
import { providers, type Providers } from './oauth/providers.ts';
import { isSignupOpen } from './settings/system.ts';

/** What differs by deployment and decides what a call may do. It travels in the context, so that a test can vary it. */
export type Settings = {
	mode: 'b2c' | 'b2b';
	password: PasswordRules;
	/** How many sessions a person has at once; one more ends the least recently used. */
	maxSessions: number;
	/** How long an invitation can be accepted; may be a fraction. */
	invitationDays: number;
	limits: Limits;
	/** Whether strangers may make accounts at this moment, where the mode lets them at all; never asked in a transaction. */
	isSignupOpen: () => Promise<boolean>;
	/** The providers that people may come in through. */
	providers: Providers;
	/** Who writes for the assistant. */
	model: Model;
};

export const settings: Settings = {
	mode: APP_MODE,
	password: { minLength: PASSWORD_MIN_LENGTH, appName: APP_NAME, breachUrl: BREACH_CHECK_URL },
	maxSessions: MAX_SESSIONS_PER_USER,
	invitationDays: INVITATION_EXPIRY_DAYS,
	limits: { factor: RATE_LIMIT_FACTOR, attempts: LOGIN_MAX_ATTEMPTS, windowMinutes: LOGIN_WINDOW_MINUTES },
	isSignupOpen,
	providers,
	model
};
