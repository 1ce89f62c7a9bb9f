/** What is counted of each day, and of whom: calls that were let in, customers that were added, tokens that were spent. */
export const MEASURES = {
	calls: { title: 'Calls', noun: 'call' },
	customers: { title: 'Customers added', noun: 'customer' },
	aiTokens: { title: 'AI tokens', noun: 'AI token' }
} as const;

export type Measure = keyof typeof MEASURES;

/** So much of each. */
export type Used = Record<Measure, number>;
