import type { Rule } from './rule.ts';

const none = (why: string, ...holds: string[]): Rule => ({ erase: 'none', why, holds });

/** What tells of nobody. */
export const technical = {
	erasure: {
		erase: 'keep',
		why: 'It proves that somebody was erased, by an id that leads nowhere.',
		holds: ['user_id', 'sealed_traces']
	},
	figureDay: none('It counts, and names nobody.'),
	keptName: none('A username is there as a keyed hash, and for 90 days.'),
	migration: none('It is about the database.', 'name'),
	rateLimit: none('Whom it counts is there as a keyed hash, and for a day.', 'name', 'subject'),
	systemSetting: none('It is about the whole service.', 'value'),
	tier: none('It is about what is sold.', 'title'),
	tokenPrice: none('It is about what is sold.')
} satisfies Record<string, Rule>;
