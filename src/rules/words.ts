import { dictionary } from '@zxcvbn-ts/language-common';

/** Letters in a row, and the edges of words, written `-`. */
function triplesOf(text: string): string[] {
	const row = `-${text.toLowerCase().replaceAll(/[\s_.,:]/g, '-')}-`;
	return Array.from({ length: row.length - 2 }, (_, n) => row.slice(n, n + 3)).filter((three) =>
		/^[a-z-]+$/.test(three)
	);
}

/** How often three letters, and two before a third, stand in the words that dice would choose from. */
const counts = new Map<string, number>();
for (const three of dictionary['diceware-common'].flatMap(triplesOf)) {
	for (const part of [three, three.slice(0, 2)]) counts.set(part, (counts.get(part) ?? 0) + 1);
}

/** What the words do not have is rare, and not impossible. */
const UNSEEN = 0.1;

/** How surprising the third letter is after the other two, in bits. */
const surprise = (three: string): number =>
	-Math.log2(((counts.get(three) ?? 0) + UNSEEN) / ((counts.get(three.slice(0, 2)) ?? 0) + 27 * UNSEEN));

/** Bits a letter below which a text is words: English has 3 to 4.4 by this measure, random letters 5 to 7. */
const OF_WORDS = 4.4;

/** True for a text whose letters, half of it or more, follow each other as in words. */
export function isWordy(text: string): boolean {
	const triples = triplesOf(text);
	const bits = triples.reduce((sum, three) => sum + surprise(three), 0);
	return triples.length >= text.length / 2 && bits < OF_WORDS * triples.length;
}
