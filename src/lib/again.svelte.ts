import { createContext } from 'svelte';
import type { useAuth, User } from './auth.svelte.ts';
import { tellEnded } from './ended.ts';
import { Lazy } from './lazy.svelte.ts';
import { trpc } from './trpc.ts';

/** Asks whom a page belongs to to sign in again, over the page: what they typed stays, and is sent then. */
class SignInAgain {
	/** Who is asked; the dialog is open while there is somebody. */
	person = $state.raw<User>();
	/** Who is signed in in this browser instead. */
	other = $state.raw<User>();
	dialog = new Lazy(() => import('./components/SignInDialog.svelte'));
	#auth: ReturnType<typeof useAuth>;
	#answer: (isBack: boolean) => void = () => undefined;

	constructor(auth: ReturnType<typeof useAuth>) {
		this.#auth = auth;
	}

	/** Answers whether they did. */
	async ask(person: User, other: User | undefined): Promise<boolean> {
		if (!(await this.dialog.want())) return false;
		this.person = person;
		this.other = other;
		return new Promise((resolve) => (this.#answer = resolve));
	}

	/** Looks who is signed in by now, be it in another tab; it ends the dialog when it is the person. */
	async look(): Promise<void> {
		const session = await trpc.auth.session.query();
		this.other = session?.user;
		if (!session || session.user.id !== this.person?.id) return;
		this.#auth.trust(session);
		this.settle(true);
		tellEnded();
	}

	/** Ends the dialog, by what it is for or by giving up. */
	settle(isBack: boolean): void {
		this.person = undefined;
		this.#answer(isBack);
	}
}

const [useSignInAgain, setSignInAgain] = createContext<SignInAgain>();
export { useSignInAgain };

/** Made once by the layout of those who are signed in, which also holds its dialog. */
export function provideSignInAgain(auth: ReturnType<typeof useAuth>): SignInAgain {
	const again = setSignInAgain(new SignInAgain(auth));
	$effect(() => {
		auth.askAgain = (person, other) => again.ask(person, other);
		return () => {
			auth.askAgain = undefined;
			again.settle(false);
		};
	});
	return again;
}
