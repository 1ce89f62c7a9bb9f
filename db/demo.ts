/** Everybody in the demo data has this one; seeds are refused outside development. */
export const DEMO_PASSWORD = 'gatehouse-demo';

export const DEMO_ORGS = [
	{ slug: 'acme', name: 'Acme' },
	{ slug: 'globex', name: 'Globex' }
] as const;

export const DEMO_PEOPLE = [
	{ name: 'Sybil Adams', email: 'sybil@acme.example', role: 'sys_admin', org: 'acme' },
	{ name: 'Otto Admin', email: 'otto@acme.example', role: 'org_admin', org: 'acme' },
	{ name: 'Mia Member', email: 'mia@acme.example', role: 'member', org: 'acme' },
	{ name: 'Rae Reader', email: 'rae@acme.example', role: 'readonly', org: 'acme' },
	{ name: 'Gina Globex', email: 'gina@globex.example', role: 'org_admin', org: 'globex' },
	{ name: 'Max Globex', email: 'max@globex.example', role: 'member', org: 'globex' }
] as const;

/** What everybody has to do in the demo data, the newest first; the last is done. */
export const DEMO_TODOS = ['Invite a colleague', 'Add a customer', 'Look around'] as const;
