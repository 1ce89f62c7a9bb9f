import { expect, test } from 'vitest';
import { localPath } from './redirect.ts';

const TRICKS = [
	'//evil.example',
	'///evil.example',
	'////evil.example',
	'/\\evil.example',
	'\\\\evil.example',
	'\\/evil.example',
	'/\t/evil.example',
	'/\n/evil.example',
	'/\r\n/evil.example',
	'/%09/evil.example',
	'/%0a/evil.example',
	'/%0d%0aLocation:https://evil.example',
	'/%2f/evil.example',
	'/%2Fevil.example',
	'/%5cevil.example',
	'/%5C%5Cevil.example',
	'/..//evil.example',
	'/.//evil.example',
	'/./\\evil.example',
	'/a/..//evil.example',
	'/a/../\\evil.example',
	'https://evil.example',
	'https:evil.example',
	'https:/evil.example',
	'https:\\evil.example',
	'http:evil.example',
	'HTTPS://evil.example',
	'javascript:alert(1)',
	'JaVaScRiPt:alert(1)',
	'java\tscript:alert(1)',
	'data:text/html,hi',
	'vbscript:x',
	'file:///etc/passwd',
	'blob:https://evil.example/x',
	'https://localhost.invalid@evil.example',
	'//user:password@evil.example',
	'@evil.example',
	'evil.example',
	'',
	' /orgs',
	'\u0000/orgs',
	'/\u2028/evil.example',
	'/\ud800',
	'?next=//evil.example',
	'#/evil.example',
	null,
	undefined,
	5,
	['/orgs'],
	{}
];

test.for(TRICKS)('%j does not leave the origin', (target) => {
	const path = localPath(target, '/home');
	const url = new URL(path, 'https://app.example.com');
	expect(url.origin).toBe('https://app.example.com');
	expect(url.host).toBe('app.example.com');
	if (path !== '/home') expect(path).toMatch(/^\/[^/\\]/);
});

test.for([
	'/auth/oauth/google?intent=link',
	'/auth',
	'/AUTH/oauth/google',
	'/%61uth/oauth/google',
	'/orgs/../auth/oauth/google',
	'/./auth/oauth/google'
])('%s is a door, and no page to go on to', (target) => expect(localPath(target, '/home')).toBe('/home'));

test.for([
	'/',
	'/orgs',
	'/authors',
	'/orgs/acme?next=/auth/oauth/google',
	'/orgs/acme/customers?q=a%20b&sort=name#top',
	'/account/security',
	'/verify/abc-_',
	'/orgs/a%C3%A9'
])('%s is kept', (target) => expect(localPath(target, '/home')).toBe(target));
