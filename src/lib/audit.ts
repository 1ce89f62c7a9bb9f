/** Everything that is written into an organisation's audit log. */
export const AUDIT_ACTIONS = [
	'org.created',
	'org.updated',
	'org.deleted',
	'member.role_changed',
	'member.removed',
	'member.left',
	'invitation.created',
	'invitation.resent',
	'invitation.revoked',
	'invitation.accepted',
	'invitation.declined',
	'customer.created',
	'customer.updated',
	'customer.deleted',
	'customer.imported'
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Everything that is noted of a person's own account. */
export const ACCOUNT_ACTIONS = [
	'account.created',
	'profile.updated',
	'password.changed',
	'password.reset',
	'session.started',
	'session.ended'
] as const;
export type AccountAction = (typeof ACCOUNT_ACTIONS)[number];
