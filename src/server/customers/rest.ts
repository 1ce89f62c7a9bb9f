import { z } from 'zod';
import { id, moment, onlyPage, pageOf, type Rest } from '../rest/rest.ts';

const customer = z
	.strictObject({
		id,
		name: z.string(),
		email: z.string(),
		phone: z.string().nullable(),
		notes: z.string().nullable(),
		createdAt: moment
	})
	.meta({ id: 'Customer' });

const ADA = {
	id: '0197a3c4-5d6e-4f70-8a91-b2c3d4e5f607',
	name: 'Ada Lovelace',
	email: 'ada@example.com',
	phone: '+44 20 7946 0000',
	notes: 'Wants to see the engine.',
	createdAt: '2030-01-31T12:00:00.000Z'
};

const MANY = '/orgs/{org}/customers';
const ONE = `${MANY}/{id}`;
const tag = 'Customers';

export const list: Rest = {
	...{ method: 'GET', path: MANY, tag, summary: 'List customers' },
	description:
		'`q` finds customers by the beginning of any word of the name, or of the address. The cursor of a page goes with the order of its list.',
	answer: pageOf(customer),
	example: { input: { q: 'love', limit: 10 }, answer: onlyPage(ADA) }
};

export const get: Rest = {
	...{ method: 'GET', path: ONE, tag, summary: 'Get a customer' },
	answer: customer,
	example: { answer: ADA }
};

export const create: Rest = {
	...{ method: 'POST', path: MANY, tag, summary: 'Add a customer', creates: true },
	description: 'An address is that of one customer in an organization: a second one is 409 `conflict`.',
	answer: customer,
	example: { input: { name: ADA.name, email: ADA.email, phone: ADA.phone, notes: ADA.notes }, answer: ADA }
};

export const update: Rest = {
	...{ method: 'PATCH', path: ONE, tag, summary: 'Change a customer' },
	description: 'What is left out stays as it is; `null` empties a phone number or notes.',
	answer: customer,
	example: { input: { phone: null }, answer: { ...ADA, phone: null } }
};

export const remove: Rest = {
	...{ method: 'DELETE', path: ONE, tag, summary: 'Delete a customer' },
	answer: z.strictObject({ deleted: z.literal(true) }),
	example: { answer: { deleted: true } }
};
