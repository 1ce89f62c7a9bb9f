import { PUBLIC_ORIGIN } from '$app/env/private';

/** What a mail says; `layout.ts` makes its text and its HTML of it. */
export type Letter = {
	subject: string;
	paragraphs: string[];
	action?: { label: string; url: string };
	/** Why the reader gets this. */
	because: string;
};

type LinkKind = 'verify' | 'reset' | 'invite' | 'confirm-email' | 'undo-email' | 'restore' | 'export';

/** The address behind a button that is good for one use. */
export const link = (kind: LinkKind, token: string): string => `${PUBLIC_ORIGIN}/${kind}/${token}`;

/** For a mail that anybody could have asked for. */
export const notYou = 'If that was not you, ignore this mail: nothing happens without the link above.';
