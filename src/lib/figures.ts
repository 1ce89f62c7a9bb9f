/** What is told of each day to whoever runs the service. Those who are active on several days are no sum. */
export const FIGURES = {
	signUps: { title: 'Sign-ups', noun: 'sign-up', isSummed: true },
	signIns: { title: 'Sign-ins', noun: 'sign-in', isSummed: true },
	failures: { title: 'Refused sign-ins', noun: 'refused sign-in', isSummed: true },
	activePeople: { title: 'Active people', noun: 'active account', isSummed: false },
	activeOrgs: { title: 'Active organizations', noun: 'active organization', isSummed: false }
} as const;

export type Figure = keyof typeof FIGURES;

/** So many of each. */
export type Figures = Record<Figure, number>;
