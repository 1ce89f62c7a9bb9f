/** Something that is an API key, or a good part of one, wherever it stands. */
const LIKE_A_KEY = /gh_[0-9A-Za-z]{8}_[0-9A-Za-z]{20,}/;

/** How often an address is unescaped at the most; runs of escaped percent signs go at once. */
const ROUNDS = 8;

// A sign that is no escape leaves the rest readable.
const unescaped = (text: string) => text.replace(/%(25)+/g, '%').replace(/%[0-7][\da-f]/gi, decodeURIComponent);

/** Whether an address holds an API key, as it is or escaped, however often. */
export function exposesKey(address: string): boolean {
	let text = address;
	for (let round = 0; round < ROUNDS && !LIKE_A_KEY.test(text); round++) {
		const before = text;
		text = unescaped(before);
		if (text === before) return false;
	}
	return LIKE_A_KEY.test(text);
}
