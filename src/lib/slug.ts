/** Words that are pages beside an organisation's, or that somebody could be misled by. */
const RESERVED = new Set(
	(
		'new admin api account accounts app auth billing blog contact cron dev docs export forgot help health invite legal ' +
		'login logout mail me official org orgs pricing privacy public ready reset restore root security settings signup ' +
		'static status support system terms todos trpc user users verify webhooks www'
	).split(' ')
);

/** What a slug may look like. */
export const SLUG = /^[a-z0-9-]{2,40}$/;

export const isReserved = (slug: string): boolean => RESERVED.has(slug);

/** A slug that reads like `name`, possibly taken, never reserved. */
export function slugify(name: string): string {
	const plain = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
	const slug = plain
		.replace(/[^a-z0-9]+/g, '-')
		.slice(0, 34)
		.replace(/^-+|-+$/g, '');
	if (slug.length < 2) return 'team';
	return RESERVED.has(slug) ? `${slug}-team` : slug;
}
