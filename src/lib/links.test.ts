import { expect, test } from 'vitest';
import { addressInMail, hasLink, withoutLinks } from './links.ts';

const LINKS = [
	'evil.com',
	'Visit evil.com now',
	'evil.example/x',
	'EVIL.COM.',
	'1.com',
	'www.evil',
	'WWW2.x',
	'http://x',
	'https:x',
	'Click http://192.0.2.1',
	'192.0.2.1',
	'javascript:alert(1)',
	'mailto:ada',
	'a@b.co',
	'ada@localhost',
	'bücher.de',
	'пример.рф',
	'उदाहरण.भारत',
	'例え.jp',
	'xn--e1afmkfd.xn--p1ai',
	'evil.com',
	'ｅｖｉｌ．ｃｏｍ',
	'evil。com',
	'evil｡com',
	'evil․com',
	'evil﹒com',
	'http：//x',
	'a＠b.co',
	'ev\u00adil.c\u200dom',
	'evil.\u200dcom',
	'💩.la',
	'Call +1 (888) 555-0199 now',
	'\\\\server\\share'
];

test.for(LINKS)('%j would become a link, and what is left of it would not', (name) => {
	expect(hasLink(name)).toBe(true);
	expect(hasLink(withoutLinks(name))).toBe(false);
	expect(withoutLinks(name)).toMatch(/\S/);
});

test.for([
	'Acme Inc.',
	'St. John & Co.',
	'U.S. Robotics',
	'A.B.C. Holdings',
	'Dr. Web',
	'.NET Friends',
	'Version 2.0',
	'Ratio 3:1',
	'Food @ Home',
	'Wait... what',
	'Note: us',
	'O’Neil/Sons',
	'モーニング娘。',
	'Café Zoë'
])('%j is a name', (name) => {
	expect(hasLink(name)).toBe(false);
	expect(withoutLinks(name)).toBe(name);
});

test('what could make a link gives way to spaces', () => {
	expect(withoutLinks('ada.lovelace')).toBe('ada lovelace');
	expect(withoutLinks('https://evil.com/x')).toBe('https //evil com/x');
});

test.for([
	'www.evil.example/x@evil.example',
	'WWW2.evil.example@evil.example',
	'evil.example/x@evil.example',
	'evil.example／x@evil.example',
	'evil.example?x@evil.example',
	'evil.example#x@evil.example',
	'ｗｗｗ.evil.example@evil.example'
])('%s is not named in a mail', (email) => {
	expect(addressInMail(email)).toBe('another address');
});

test.for(['ada@example.com', 'ada.lovelace+www.x@example.com', "o'hara_1=%a@bücher.example", 'www@example.com'])(
	'%s is named as it is',
	(email) => {
		expect(addressInMail(email)).toBe(email);
	}
);
