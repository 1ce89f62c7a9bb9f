import { Refusal } from '#lib/form.svelte.ts';
import { countOf } from '#lib/format.ts';
import type { Standing } from '#lib/standing.ts';
import { trpc } from '#lib/trpc.ts';

/** Whom the console acts on, as its list and its page know them. */
export type Person = {
	id: string;
	name: string;
	email: string;
	verified: boolean;
	sysAdmin: boolean;
	standing: Standing;
};

export type Act = {
	/** Names the person. */
	title: string;
	/** What follows from it. */
	text: string;
	submit: string;
	variant: 'danger' | 'primary';
	/** Makes the call, with what was typed, and answers what to tell. */
	send: (typed: string) => Promise<string>;
	/** What has to be typed first. */
	typed?: string;
	/** Where it leads, when there is nobody to look at any more. */
	next?: string;
};

const make = (variant: Act['variant']) => (title: string, text: string, submit: string, send: Act['send']) => ({
	title,
	text,
	submit,
	variant,
	send
});
const grave = make('danger');
const plain = make('primary');

const { users } = trpc.admin;

/** What is done to somebody after a question; a suspension, and acting as them, ask for more. */
export const ACTS = {
	activate: ({ id: userId, name }) =>
		plain(
			`Lift the suspension of ${name}?`,
			'They get in again at once, and the API keys that they made work again.',
			'Lift suspension',
			async () => {
				await users.activate.mutate({ userId });
				return `${name} may come in again.`;
			}
		),
	verify: ({ id: userId, name }) =>
		plain(
			`Verify the address of ${name}?`,
			'Do so only if you know that they read its mail: whoever does can take the account over.',
			'Verify address',
			async () => {
				await users.verify.mutate({ userId });
				return `The address of ${name} is verified.`;
			}
		),
	sendReset: ({ id: userId, name }) =>
		plain(
			`Send ${name} a link to set a password?`,
			'It goes to the address of the account, works once, and ends any link before it. Until they use it nothing changes.',
			'Send link',
			async () => {
				await users.sendReset.mutate({ userId });
				return `A link is on its way to ${name}.`;
			}
		),
	endSessions: ({ id: userId, name }) =>
		grave(
			`Sign ${name} out everywhere?`,
			'Every device asks for a sign-in with its next click. What was typed and not saved may be lost.',
			'End sessions',
			async () => {
				const { ended } = await users.endSessions.mutate({ userId });
				return `${countOf(ended, 'session')} of ${name} ended.`;
			}
		),
	makeAdmin: ({ id: userId, name }) =>
		grave(
			`Make ${name} a system admin?`,
			'They can do everything in this console, to everybody, from their very next click.',
			'Make system admin',
			async () => {
				await users.setSysAdmin.mutate({ userId, value: true });
				return `${name} is a system admin now.`;
			}
		),
	unmakeAdmin: ({ id: userId, name }) =>
		grave(
			`Take this console from ${name}?`,
			'They are no system admin from their very next click on. Their account and their organizations stay.',
			'Remove system admin',
			async () => {
				await users.setSysAdmin.mutate({ userId, value: false });
				return `${name} is no system admin any more.`;
			}
		),
	anonymize: ({ id: userId, name, email }) => ({
		...grave(
			`Erase ${name}?`,
			'At once and for good: their account and everything that tells of them is erased, in every table, and organizations that they are alone in go with them. Logs name them by a number that leads nowhere. They get a receipt, and nobody can bring anything back.',
			'Erase for good',
			async (typed) => {
				if (typed.trim().toLowerCase() !== email) throw new Refusal(`Type ${email} to confirm.`, 'confirm');
				await users.anonymize.mutate({ userId });
				return `${name} is erased.`;
			}
		),
		typed: email,
		next: `/admin/log?targetId=${userId}`
	})
} satisfies Record<string, (person: Person) => Act>;

export type ActName = keyof typeof ACTS | 'suspend' | 'impersonate';

/** Which act is asked about, and on whom: what a menu offers, a dialog elsewhere on the page asks. */
export class ActsOn {
	asked = $state.raw<{ name: ActName; person: Person } | null>(null);

	ask = (name: ActName, person: Person): void => {
		this.asked = { name, person };
	};

	drop = (): void => {
		this.asked = null;
	};
}
