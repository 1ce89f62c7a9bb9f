/** What mail programs make links of: domains, schemes, addresses, numbers of hosts, and paths of file servers. */
const LINK =
	/[^\s.。][.。]\p{L}[\p{L}\p{M}]|www\d*[.。]\S|\p{L}[\p{L}\p{N}+.-]*:\S|\S@\S|\d{1,3}(?:[.。]\d{1,3}){3}|\\\\/iu;

/** As an address bar reads it: full-width characters are plain ones there, and what nobody sees is not there. */
const asAddress = (text: string) => text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');

export const hasLink = (text: string): boolean => LINK.test(asAddress(text));

/** The text itself, or what is left of it when everything goes that could make a link. */
export const withoutLinks = (text: string): string =>
	hasLink(text)
		? asAddress(text)
				.replace(/[\s.。:@\\]+/gu, ' ')
				.trim()
		: text;
