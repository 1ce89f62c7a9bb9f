import { detailsOf, type Details } from './audit.ts';
import { numberOf } from './format.ts';
import { FEATURES, isFeature, UNLIMITED } from './plans.ts';

/** What a plan grants, in a word or a number. */
export function granted(value: unknown): string {
	if (typeof value === 'number') return value === UNLIMITED ? 'Unlimited' : numberOf(value);
	return value ? 'Yes' : 'No';
}

const inWords = new Intl.ListFormat('en', { type: 'conjunction' });
const shown = (value: unknown) => (value === undefined ? 'none' : granted(value).toLowerCase());

function changesOf(before: Details, after: Details, nameOf: (key: string) => string): string[] {
	const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
	return [...keys].map((key) => `${nameOf(key)} from ${shown(before[key])} to ${shown(after[key])}`);
}

/** "Members from 10 to 20 and the calls of customers.import a minute from 5 to none", as the console's log tells it. */
export function tierChanges({ before, after }: Details): string {
	const [was, is] = [detailsOf(before), detailsOf(after)];
	const part = (name: string) => [detailsOf(was[name]), detailsOf(is[name])] as const;
	const told = [
		...('title' in is ? [`the name from “${String(was.title)}” to “${String(is.title)}”`] : []),
		...changesOf(...part('features'), (key) => (isFeature(key) ? FEATURES[key].title : key)),
		...changesOf(...part('limits'), (key) => `the calls ${key === '*' ? '' : `of ${key} `}a minute`)
	];
	return inWords.format(told) || 'something';
}
