/** In order of precedence: a role may do all that the roles before it may. */
export const ROLES = ['readonly', 'member', 'org_admin', 'sys_admin'] as const;
export type Role = (typeof ROLES)[number];

/** The roles an organisation can give; `sys_admin` belongs to a person, never to a membership. */
export const ORG_ROLES = ['readonly', 'member', 'org_admin'] as const satisfies readonly Role[];
export type OrgRole = (typeof ORG_ROLES)[number];

/** The least role that each permission needs. */
export const PERMISSIONS = {
	'org.read': 'readonly',
	'org.update': 'org_admin',
	'org.delete': 'org_admin',
	'members.read': 'readonly',
	'members.write': 'org_admin',
	'members.invite': 'org_admin',
	'customers.read': 'readonly',
	'customers.write': 'member',
	'audit.read': 'org_admin',
	'keys.manage': 'org_admin',
	'usage.read': 'member',
	'usage.readAll': 'org_admin'
} as const satisfies Record<string, OrgRole>;

export type Permission = keyof typeof PERMISSIONS;

export const atLeast = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

export const can = (role: OrgRole, permission: Permission): boolean => atLeast(role, PERMISSIONS[permission]);

export const lesser = (one: OrgRole, other: OrgRole): OrgRole => (atLeast(one, other) ? other : one);

/** The roles that a key can have. */
export const KEY_ROLES = ['readonly', 'member'] as const satisfies readonly OrgRole[];
export type KeyRole = (typeof KEY_ROLES)[number];

/** All that a key could ever do, whoever made it: what those roles may. */
export type KeyPermission = {
	[P in Permission]: (typeof PERMISSIONS)[P] extends KeyRole ? P : never;
}[Permission];
export const KEY_PERMISSIONS = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) =>
	can('member', permission)
) as KeyPermission[];

/** What a key with a role may do, of that which it was given; null is all. */
export const keyPermissions = (role: OrgRole, given: KeyPermission[] | null): KeyPermission[] =>
	(given ?? KEY_PERMISSIONS).filter((permission) => can(role, permission));

/** Whether somebody may create organisations: everybody where sign-up is open, else those who run the deployment. */
export const mayFoundOrgs = (mode: 'b2b' | 'b2c', role: Role): boolean => mode === 'b2c' || role === 'sys_admin';

/** The standing that a person shows: their own, or the highest that an organisation gave them. */
export const highestRole = (sysAdmin: boolean, roles: readonly OrgRole[]): Role =>
	sysAdmin ? 'sys_admin' : (ORG_ROLES.findLast((role) => roles.includes(role)) ?? 'readonly');
