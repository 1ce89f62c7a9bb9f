import { describe, expect, test } from 'vitest';
import { ACCOUNT_ACTIONS, accountPhrase } from './activity.ts';
import { actionName, AUDIT_ACTIONS, auditPhrase, auditSentence } from './audit.ts';

const entry = (action: string, name: string | null = null, details: unknown = {}) => ({
	action,
	actor: { kind: 'user' as const, name: 'Otto Admin' },
	impersonator: null,
	target: name === null ? null : { name },
	details
});

describe('an entry of an organization’s log', () => {
	test.for([
		[
			'org.updated',
			'Engines',
			{ before: { name: 'Acme' }, after: { name: 'Engines' } },
			'changed the name from “Acme” to “Engines”'
		],
		[
			'org.updated',
			'Acme',
			{ before: { name: 'A', slug: 'a-a' }, after: { name: 'B', slug: 'b-b' } },
			'changed the name from “A” to “B” and the address from “a-a” to “b-b”'
		],
		[
			'member.role_changed',
			'Mia Member',
			{ before: 'member', after: 'org_admin' },
			'changed the role of Mia Member from Member to Admin'
		],
		['invitation.created', 'bob@example.com', { role: 'member' }, 'invited bob@example.com as Member'],
		['invitation.resent', 'bob@example.com', {}, 'sent the invitation for bob@example.com again'],
		['customer.created', 'Grace Hopper', {}, 'added the customer Grace Hopper'],
		[
			'customer.updated',
			'Grace Hopper',
			{ before: { name: 'Grace' }, after: { name: 'Grace Hopper' }, notes: 'changed' },
			'changed the name and notes of the customer Grace Hopper'
		],
		['customer.imported', null, { count: 1 }, 'imported 1 customer'],
		['customer.imported', null, { count: 1200 }, 'imported 1,200 customers'],
		[
			'setting.changed',
			'overageEnabled',
			{ before: false, after: true },
			'changed the setting “Overage” from off to on'
		],
		['credits.granted', null, { tokens: 5000, reason: 'A gift' }, 'granted credits of 5,000 AI tokens: A gift'],
		['planet.moved', 'Mars', {}, 'did “planet.moved”'],
		['constructor', 'Mars', {}, 'did “constructor”']
	] as const)('%s of %s %j', ([action, name, details, phrase]) => {
		expect(auditPhrase(entry(action, name, details))).toBe(phrase);
	});

	test.for(AUDIT_ACTIONS)('%s has a sentence, whatever its details are', (action) => {
		const sentences = [{}, null, 'text', { before: null, after: 5 }].map((details) =>
			auditSentence(entry(action, null, details))
		);
		for (const sentence of sentences) {
			expect(sentence).toMatch(/^Otto Admin \S.+\.$/);
			expect(sentence).not.toMatch(/undefined|null|NaN|\[object|did “/);
		}
	});

	test('names who of support acted for the person', () => {
		const renamed = entry('org.updated', 'Engines', { before: { name: 'Acme' }, after: { name: 'Engines' } });
		const sentence = auditSentence({ ...renamed, impersonator: { name: 'Grace' } });
		expect(sentence).toBe('Otto Admin (by support: Grace) changed the name from “Acme” to “Engines”.');
	});

	test('a person without an account declines through the system', () => {
		const declined = {
			...entry('invitation.declined', 'bob@example.com'),
			actor: { kind: 'system', name: 'System' } as const
		};
		expect(auditSentence(declined)).toBe('System was told that bob@example.com declines the invitation.');
	});
});

test.for(ACCOUNT_ACTIONS)('%s of one’s own account has words, whatever its details are', (action) => {
	for (const details of [{}, null, { changed: 5 }]) {
		expect(accountPhrase({ action, details })).toMatch(/^[A-Z][a-z]/);
		expect(accountPhrase({ action, details })).not.toMatch(/undefined|null/);
	}
});

test('what changed in a profile is named', () => {
	const event = { action: 'profile.updated', details: { changed: ['firstName', 'username'] } };
	expect(accountPhrase(event)).toBe('Changed first name and username');
});

test('an action by itself reads like words', () => {
	expect(actionName('org.created')).toBe('Organization created');
	expect(actionName('member.role_changed')).toBe('Member role changed');
});
