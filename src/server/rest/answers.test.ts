import { expect, test } from 'vitest';
import { newEmail } from '../../../tests/fixtures.ts';
import { rest } from '../../../tests/rest.ts';
import { makeTenant } from '../../../tests/tenants.ts';
import { operations } from './operations.ts';

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

test.for(operations)('$name answers what the document says', async ({ name, method, path, creates, answer }) => {
	const tenant = await makeTenant();
	const input: Record<string, unknown> = { org: tenant.slug, ...SAMPLES[name]?.(tenant) };
	const filled = path.replaceAll(/{(\w+)}/g, (_, field: string) => String(input[field]));
	const got = await rest(tenant.admin, filled, { method, json: method === 'GET' ? undefined : input });
	expect(got.status, JSON.stringify(got.answer)).toBe(creates ? 201 : 200);
	expect(answer.safeParse(got.answer).error?.issues).toBeUndefined();
	if ('items' in (got.answer as object)) expect((got.answer as { items: unknown[] }).items).not.toEqual([]);
});
