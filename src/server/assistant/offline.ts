import type { Model } from './model.ts';

const SENTENCES = 3;
const CHARACTERS = 600;

const PREFACE = 'No language model is set up, so these are the first sentences as they were written:';

const sentences = new Intl.Segmenter('en', { granularity: 'sentence' });

/** A token of most languages is about four characters. */
const estimate = (text: string) => Math.ceil(text.length / 4);

/** Understands nothing: it extracts the first sentences, and says so. For development, and where no model may be used. */
export const offline: Model = {
	name: 'offline',
	write({ text }, { say = () => {} }) {
		const first = [...sentences.segment(text.slice(0, CHARACTERS))].slice(0, SENTENCES);
		const pieces = [PREFACE, ...first.map(({ segment }) => segment.trim())].map((piece, nth) =>
			nth ? ` ${piece}` : piece
		);
		for (const piece of pieces) say(piece);
		const written = pieces.join('');
		return Promise.resolve({ text: written, usage: { input: estimate(text), output: estimate(written) } });
	}
};
