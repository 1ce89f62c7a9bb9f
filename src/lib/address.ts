/**
 * The address of a list with some of its search parameters changed, an empty one left out. It leads to the first
 * page unless `cursor` is among the changes: a cursor belongs to one order and one filter.
 */
export function addressWith(
	url: Pick<URL, 'pathname' | 'search'>,
	changes: Record<string, string | null | undefined>
): string {
	const search = new URLSearchParams(url.search);
	for (const [name, value] of Object.entries({ cursor: null, ...changes })) {
		if (value) search.set(name, value);
		else search.delete(name);
	}
	return url.pathname + (search.size > 0 ? `?${search}` : '');
}

/** What a search parameter says if it is one of the given words, else the first of them. */
export const wordOf = <Word extends string>(url: URL, name: string, words: readonly [Word, ...Word[]]): Word =>
	words.find((word) => word === url.searchParams.get(name)) ?? words[0];

/** What is searched for, without the characters that nobody sees and no longer than the server takes. */
export const queryOf = (url: URL): string =>
	[...(url.searchParams.get('q') ?? '').normalize('NFC').replace(/[\p{Cc}\p{Cf}\p{Cn}\p{Zl}\p{Zp}]/gu, '')]
		.slice(0, 200)
		.join('');

/** Loads the page of a list that the address names, or the first one where no page of the list begins there. */
export async function loadPage<T>(url: URL, load: (cursor: string | undefined) => Promise<T>): Promise<T> {
	const cursor = url.searchParams.get('cursor') ?? undefined;
	try {
		return await load(cursor);
	} catch (error) {
		const isNoPage = cursor !== undefined && (error as { code?: unknown }).code === 'BAD_REQUEST';
		if (!isNoPage) throw error;
		return load(undefined);
	}
}
