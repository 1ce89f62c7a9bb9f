/** Everybody in the demo data has this one; seeds are refused outside development. */
export const DEMO_PASSWORD = 'gatehouse-demo';

export const DEMO_ORGS = [
	{ slug: 'acme', name: 'Acme', tier: 'pro' },
	{ slug: 'globex', name: 'Globex', tier: 'free' }
] as const;

const PEOPLE = [
	{ name: 'Sybil Adams', email: 'sybil@acme.example', role: 'sys_admin', org: 'acme' },
	{ name: 'Otto Admin', email: 'otto@acme.example', role: 'org_admin', org: 'acme' },
	{ name: 'Mia Member', email: 'mia@acme.example', role: 'member', org: 'acme' },
	{ name: 'Rae Reader', email: 'rae@acme.example', role: 'readonly', org: 'acme' },
	{ name: 'Gina Globex', email: 'gina@globex.example', role: 'org_admin', org: 'globex' },
	{ name: 'Max Globex', email: 'max@globex.example', role: 'member', org: 'globex' }
] as const;

/** By their ids a deployment knows them, whatever became of their addresses: who comes later stands at the end. */
export const DEMO_PEOPLE = PEOPLE.map((person, n) => ({ id: `5eed0000-0000-4000-8000-00000000000${n}`, ...person }));

/** What everybody has to do in the demo data, the newest first; the last is done. */
export const DEMO_TODOS = ['Invite a colleague', 'Add a customer', 'Look around'] as const;

const FIRST_NAMES = 'Ada Barbara Claude Donald Edsger Frances Grace Hedy Ivan Jean Katherine Linus'.split(' ');
const LAST_NAMES = 'Lovelace Liskov Shannon Knuth Dijkstra Allen Hopper Lamarr Sutherland Bartik'.split(' ');
const COMPANIES = 'initech umbrella hooli wonka cyberdyne'.split(' ');
const NOTES = ['Prefers to be called in the morning.', 'Met at the fair.\nWants an offer for 20 seats.', null, null];

/** Sixty people who are all different, and always the same. */
export const DEMO_CUSTOMERS = Array.from({ length: 60 }, (_, n) => {
	const [first, last] = [FIRST_NAMES[n % 12]!, LAST_NAMES[(n * 7) % 10]!];
	return {
		name: `${first} ${last}`,
		email: `${first}.${last}@${COMPANIES[n % 5]}.example`.toLowerCase(),
		phone: n % 3 === 0 ? null : `+1 555 01${String(n).padStart(2, '0')}`,
		notes: NOTES[n % 4]!
	};
});

/** How many of them each organisation has. */
export const DEMO_CUSTOMER_COUNTS: Record<(typeof DEMO_ORGS)[number]['slug'], number> = { acme: 60, globex: 8 };
