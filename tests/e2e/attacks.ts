/** One bad request to a procedure, and the status it deserves. */
export type Attack = {
	name: string;
	path?: string;
	method?: string;
	headers?: Record<string, string>;
	body?: string | Buffer;
	status: number;
};

const JSON_TYPE = { 'Content-Type': 'application/json' };
const email = 'eve@example.com';
const password = 'wandering-teapot-92';
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const login = (fields: object) => JSON.stringify({ identifier: email, password, ...fields });
const signUp = (fields: object) => JSON.stringify({ email, password, ...fields });
const input = (text: string) => `/trpc/auth.verification?input=${encodeURIComponent(text)}`;
const batch = (procedures: string[], inputs: object = {}) => ({
	path: `/trpc/${procedures.join(',')}?batch=1`,
	body: JSON.stringify(inputs)
});

const malformed: Attack[] = [
	{ name: 'an empty body', body: '', status: 400 },
	{ name: 'half a JSON', body: '{"identifier":', status: 400 },
	{ name: 'no JSON at all', body: 'identifier=eve', status: 400 },
	{ name: 'invalid UTF-8', body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), status: 400 },
	...['null', '[]', '"text"', '7', 'true'].map((body) => ({ name: `${body} for an object`, body, status: 400 })),
	{ name: 'a number for a password', body: login({ password: 7 }), status: 400 },
	{ name: 'an object for a password', body: login({ password: { $ne: '' } }), status: 400 },
	{ name: 'a list for an address', body: login({ identifier: [email] }), status: 400 },
	{ name: 'a text for a truth', body: login({ remember: 'yes' }), status: 400 },
	{ name: 'a query without its input', path: '/trpc/auth.verification', method: 'GET', status: 400 },
	{ name: 'a query with half a JSON', path: input('{"token":'), method: 'GET', status: 400 },
	{ name: 'a query with NUL', path: input('{"token":"\\u0000"}'), method: 'GET', status: 400 }
];

const hostile: Attack[] = [
	{ name: 'NUL in a password', body: login({ password: 'wandering\0teapot' }), status: 400 },
	{ name: 'NUL in an address', body: login({ identifier: 'eve\0@example.com' }), status: 400 },
	{ name: 'NUL in a name', path: '/trpc/auth.signup', body: signUp({ firstName: 'E\0ve' }), status: 400 },
	{ name: 'NUL in a key', body: login({ '\0': 1 }), status: 400 },
	{ name: 'a lone surrogate', body: login({ password: 'teapot-\ud800-teapot' }), status: 400 },
	{ name: 'a reversed pair', path: '/trpc/auth.signup', body: signUp({ firstName: '\udc00\ud800' }), status: 400 },
	{ name: 'a control character', path: '/trpc/auth.signup', body: signUp({ firstName: 'E\u001bve' }), status: 400 },
	{ name: 'two addresses', path: '/trpc/auth.signup', body: signUp({ email: `${email},a@b.co` }), status: 400 },
	{ name: 'a line break', path: '/trpc/auth.signup', body: signUp({ email: `a\r\nBcc: ${email}` }), status: 400 },
	{ name: 'a nest as a password', body: `{"identifier":"${email}","password":${nested(10_000)}}`, status: 400 },
	{ name: 'a nest as a body', body: nested(30_000), status: 400 },
	{ name: 'a nest of objects', body: '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000), status: 400 },
	{ name: 'a foreign prototype', body: `{"__proto__":{"identifier":"${email}","password":"${password}"}}`, status: 400 }
];

const large: Attack[] = [
	{ name: 'a password of 5 MB', body: login({ password: 'x'.repeat(5_000_000) }), status: 413 },
	{ name: 'a password of 60 kB', body: login({ password: 'x'.repeat(60_000) }), status: 400 },
	{ name: 'a password of 129 characters', body: login({ password: 'x'.repeat(129) }), status: 400 },
	{ name: 'a name of 10 kB', path: '/trpc/auth.signup', body: signUp({ firstName: 'x'.repeat(10_000) }), status: 400 },
	{ name: 'an address of 10 kB', body: login({ identifier: `${'x'.repeat(10_000)}@example.com` }), status: 400 },
	{
		name: 'ten thousand accents',
		path: '/trpc/auth.signup',
		body: signUp({ lastName: 'e\u0301'.repeat(9000) }),
		status: 400
	}
];

const foreign: Attack[] = [
	...[
		'application/x-www-form-urlencoded',
		'text/plain',
		'application/octet-stream',
		'multipart/form-data; boundary=x'
	].map((type) => ({ name: `a body of ${type}`, headers: { 'Content-Type': type }, body: login({}), status: 415 })),
	{ name: 'a body of no type', headers: {}, body: login({}), status: 415 },
	...['https://evil.example', 'null', 'http://127.0.0.1', 'http://127.0.0.1.evil.example'].map((origin) => ({
		name: `the origin ${origin}`,
		headers: { ...JSON_TYPE, Origin: origin },
		body: login({}),
		status: 403
	})),
	{
		name: 'no origin, and another site',
		headers: { ...JSON_TYPE, 'Sec-Fetch-Site': 'cross-site' },
		body: login({}),
		status: 403
	},
	{ name: 'a form of another site', headers: { Origin: 'https://evil.example' }, body: 'identifier=eve', status: 403 },
	{ name: 'another site, no such procedure', path: '/trpc/x', headers: { Origin: 'null' }, body: '{}', status: 403 }
];

const misdirected: Attack[] = [
	{ name: 'a batch of eleven', ...batch(Array<string>(11).fill('auth.logout')), status: 400 },
	{ name: 'a batch of five hundred', ...batch(Array<string>(500).fill('auth.logout')), status: 400 },
	{ name: 'a batch that is no object', ...batch(['auth.logout', 'auth.logout']), body: '[7', status: 400 },
	{ name: 'no such procedure', path: '/trpc/auth.nothing', body: '{}', status: 404 },
	{ name: 'a word of every object', path: '/trpc/constructor', body: '{}', status: 404 },
	{ name: 'a query by POST', path: '/trpc/auth.session', body: '{}', status: 405 },
	{ name: 'a mutation by GET', path: '/trpc/auth.logout', method: 'GET', status: 405 }
];

const POST = { path: '/trpc/auth.login', method: 'POST', headers: JSON_TYPE };

/** Bad input of every kind, from nobody who is signed in. */
export const attacks = [...malformed, ...hostile, ...large, ...foreign, ...misdirected].map((attack) => ({
	...POST,
	...attack
}));
