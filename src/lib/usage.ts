/** What is counted of each day, and of whom: calls that were let in, customers that were added, tokens that were spent. */
export const MEASURES = {
	calls: { title: 'Calls', noun: 'call' },
	customers: { title: 'Customers added', noun: 'customer' },
	ai_tokens: { title: 'AI tokens', noun: 'AI token' }
} as const;

export type Measure = keyof typeof MEASURES;
