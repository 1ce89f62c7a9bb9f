import { expect, test } from 'vitest';
import { makeKey, newEmail } from '../../../tests/fixtures.ts';
import { rest } from '../../../tests/rest.ts';
import { makeTenant } from '../../../tests/tenants.ts';
import { operations, type Operation } from './operations.ts';

type Tenant = Awaited<ReturnType<typeof makeTenant>>;

/** What stands in the path of an operation, and in its input, so that it succeeds. */
const SAMPLES: Record<string, (of: Tenant) => Record<string, unknown>> = {
	'assistant.summarize': ({ customerId }) => ({ id: customerId }),
	'customers.create': () => ({ name: 'Ada', email: newEmail(), notes: 'New' }),
	'customers.delete': ({ customerId }) => ({ id: customerId }),
	'customers.get': ({ customerId }) => ({ id: customerId }),
	'customers.update': ({ customerId }) => ({ id: customerId, phone: '1' }),
	'invitations.create': () => ({ email: newEmail(), role: 'member' }),
	'invitations.createMany': ({ memberEmail }) => ({ emails: [newEmail(), 'x', memberEmail], role: 'member' }),
	'invitations.resend': ({ invitationId }) => ({ id: invitationId }),
	'invitations.revoke': ({ invitationId }) => ({ id: invitationId }),
	'members.remove': ({ memberId }) => ({ userId: memberId }),
	'members.setRole': ({ memberId }) => ({ userId: memberId, role: 'readonly' }),
	'orgs.update': () => ({ name: 'Acme' })
};

type Caller = Parameters<typeof rest>[0];

/** Calls an operation so that it succeeds, for whoever may. */
function callAs(caller: Caller, tenant: Tenant, { name, method, path }: Operation) {
	const input: Record<string, unknown> = { org: tenant.slug, ...SAMPLES[name]?.(tenant) };
	const filled = path.replaceAll(/{(\w+)}/g, (_, field: string) => String(input[field]));
	return rest(caller, filled, { method, json: method === 'GET' ? undefined : input });
}

test.for(operations)('$name answers what the document says', async (operation) => {
	const tenant = await makeTenant();
	const { status, answer } = await callAs(tenant.admin, tenant, operation);
	expect(status, JSON.stringify(answer)).toBe(operation.creates ? 201 : 200);
	expect(operation.answer.safeParse(answer).error?.issues).toBeUndefined();
	if ('items' in (answer as object)) expect((answer as { items: unknown[] }).items).not.toEqual([]);
});

test.for(operations)('$name answers a key alike, where it is open to keys', async (operation) => {
	const tenant = await makeTenant();
	const { status, answer } = await callAs(await makeKey(tenant.admin, tenant.slug), tenant, operation);
	if (operation.forKeys) {
		expect(status, JSON.stringify(answer)).toBe(operation.creates ? 201 : 200);
		expect(operation.answer.safeParse(answer).error?.issues).toBeUndefined();
	} else {
		expect([status, answer]).toMatchObject([403, { error: { reason: 'forbidden' } }]);
	}
});
