import { Validator } from '@seriousme/openapi-schema-validator';
import openapiTS, { astToString } from 'openapi-typescript';
import { expect, test } from 'vitest';
import { accessTable } from '../router.ts';
import { writeDocument } from './document.ts';
import { operations } from './operations.ts';

const document = writeDocument({ name: 'Gatehouse', origin: 'https://app.example.com', cookie: 'session_id' });

test('is valid OpenAPI 3.1', async () => {
	const validator = new Validator({ strict: false });
	expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
	expect(validator.version).toBe('3.1');
});

test('names every procedure of an organization but those that are for its pages', () => {
	const named = new Set(operations.map(({ name }) => name));
	const rest = accessTable().filter(({ path, access }) => access?.includes('.') && !named.has(path));
	const other = rest.filter(({ access }) => access !== 'keys.manage').map(({ path }) => path);
	expect(other).toEqual(['members.leave', 'orgs.delete']);
});

test('says which of them a key may call', () => {
	const closed = operations.filter(({ forKeys }) => !forKeys).map(({ name }) => name);
	expect(closed).toEqual([
		'orgs.update',
		'audit.list',
		'invitations.createMany',
		'invitations.list',
		'invitations.create',
		'invitations.revoke',
		'invitations.resend',
		'members.setRole',
		'members.remove',
		'usage.topUsers'
	]);
});

test('has no address twice, not by any value of what stands in braces', () => {
	const shapes = operations.map(({ method, path }) => ({ method, parts: path.split('/') }));
	const collide = (a: string[], b: string[]) =>
		a.length === b.length && a.every((part, at) => part === b[at] || part.startsWith('{') || b[at]!.startsWith('{'));
	for (const [at, one] of shapes.entries())
		for (const other of shapes.slice(at + 1)) {
			const isSame = one.parts.join('/') === other.parts.join('/');
			expect(collide(one.parts, other.parts) && (!isSame || one.method === other.method), one.parts.join('/')).toBe(
				false
			);
		}
});

test('reads by GET, and changes by anything else', () => {
	const types = new Map(accessTable().map(({ path, type }) => [path, type]));
	for (const { name, method } of operations)
		expect([name, types.get(name)]).toEqual([name, method === 'GET' ? 'query' : 'mutation']);
});

test.for(operations)('the example of $name is one', ({ answer, example, fields, required }) => {
	expect(answer.safeParse(example.answer)).toMatchObject({ success: true });
	const input = example.input ?? {};
	expect(Object.keys(fields)).toEqual(expect.arrayContaining(Object.keys(input)));
	expect(Object.keys(input)).toEqual(expect.arrayContaining(required));
});

test('says where something new is only where its answer says so, and that we may fail', () => {
	const made = Object.values(document.paths).flatMap((path) => Object.values(path));
	const located = made.filter(({ responses }) => JSON.stringify(responses).includes('"Location"'));
	expect(located.map(({ operationId }) => operationId)).toEqual(['customers.create']);
	for (const { operationId, responses } of made) {
		expect(responses, operationId).toMatchObject({ 500: { $ref: '#/components/responses/Fault' } });
	}
});

test('the types of its client are up to date', async () => {
	const types = astToString(await openapiTS(structuredClone(document) as never));
	await expect(types).toMatchFileSnapshot('../../../tests/api.d.ts');
});
