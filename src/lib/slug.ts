/** Words that are pages beside an organisation's, or that somebody could be misled by. */
const RESERVED = new Set(
	'new admin api account accounts app auth billing dev docs help health invite login logout mail me orgs org public ready reset root security settings signup static status support system todos trpc user users verify www'.split(
		' '
	)
);

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
