/** What is told of each day, by whoever runs the service. */
export const FIGURES = {
	signUps: { title: 'Sign-ups', noun: 'sign-up' },
	signIns: { title: 'Sign-ins', noun: 'sign-in' },
	failures: { title: 'Refused sign-ins', noun: 'refused sign-in' },
	activePeople: { title: 'Active people', noun: 'active person' },
	activeOrgs: { title: 'Active organizations', noun: 'active organization' }
} as const;

export type Figure = keyof typeof FIGURES;

/** So many of each. */
export type Figures = Record<Figure, number>;
