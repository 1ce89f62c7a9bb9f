import { z } from 'zod';
import type { Rest } from '../rest/rest.ts';

export const summarize: Rest = {
	...{ method: 'POST', path: '/orgs/{org}/customers/{id}/summary', tag: 'Customers', summary: 'Summarize the notes' },
	description: 'Costs AI tokens of the plan. A customer without notes is 400 `invalid`.',
	answer: z.strictObject({ text: z.string(), tokens: z.int(), model: z.string() }),
	example: { answer: { text: 'Ada wants to see the engine.', tokens: 210, model: 'offline' } }
};
