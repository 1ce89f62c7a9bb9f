/**
 * What mail programs make links of: domains, schemes, addresses, numbers of hosts and of phones, paths of file servers.
 */
const LINK =
	/[^\s.。][.。]\p{L}[\p{L}\p{M}]|www\d*[.。]\S|\p{L}[\p{L}\p{N}+.-]{0,30}:\S|\S@\S|\d{1,3}(?:[.。]\d{1,3}){3}|(?<![\p{L}\p{N}-])\d(?:[\s().-]{0,2}\d){8,14}(?![\p{L}\p{N}-])|\\\\/iu;

/** As an address bar reads it: full-width characters are plain ones there, and what nobody sees is not there. */
const asAddress = (text: string) => text.normalize('NFKC').replace(/\p{Default_Ignorable_Code_Point}/gu, '');

export const hasLink = (text: string): boolean => LINK.test(asAddress(text));

/** The text itself, or what is left of it when everything goes that could make a link. */
export function withoutLinks(text: string): string {
	if (!hasLink(text)) return text;
	const plain = asAddress(text)
		.replace(/[\s.。:@\\]+/gu, ' ')
		.trim();
	return hasLink(plain) ? plain.replace(/\d+/g, '').trim() : plain;
}

/** What a mail program takes for a web address, although the whole is an e-mail address. */
const WEB = /^www\d*[.。]|[/?#]/iu;

/** An e-mail address as a mail may name it: a stranger may have chosen it so that a part of it becomes a link. */
export const addressInMail = (email: string): string => (WEB.test(asAddress(email)) ? 'another address' : email);
