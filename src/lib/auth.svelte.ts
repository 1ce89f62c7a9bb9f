import { createContext } from 'svelte';
import { browser } from '$app/env';
import { goto, refreshAll } from '$app/navigation';
import { keep } from './cookie.ts';
import { localPath } from './redirect.ts';
import { can, type Permission } from './roles.ts';
import type { Reason } from '#server/errors.ts';
import { keepBy, trpc, type Outputs } from './trpc.ts';

export type Session = Outputs['auth']['session'];
export type User = NonNullable<Session>['user'];

/** How long a look at the session is trusted while one moves about, in milliseconds. */
const TRUST_MS = 20_000;

const UNCONFIRMED =
	'This page is signed out, but the server could not be told. Sign in and out again once you are online.';

/** Who is signed in, as this browser last heard it. The server decides on every call; this only shows. */
class AuthState {
	#session: Session = $state(null);
	#lookedAt = 0;
	#lastOrg: string | undefined = $state();
	/** The session ended under the page, which stays as it is until one leaves it. */
	#isOver = $state(false);
	isLoading = $state(false);
	user = $derived(this.#isOver ? null : (this.#session?.user ?? null));
	orgs = $derived(this.#session?.orgs ?? []);
	isAuthenticated = $derived(this.user !== null);
	/** The session of somebody else's that an operator acts in. */
	lent = $derived(this.user && this.#session?.impersonator ? this.#session : null);
	/** The organization one was in last, while one is in it; else the first. */
	home = $derived(this.orgs.find(({ slug }) => slug === this.#lastOrg) ?? this.orgs[0]);

	/** Asks for a sign-in over the page, where there is a shell around it; answers whether there was one. */
	askAgain: ((person: User, other: User | undefined) => Promise<boolean>) | undefined;
	#regaining: Promise<boolean> | undefined;

	constructor(session: Session, lastOrg: string | undefined) {
		this.trust(session);
		this.#lastOrg = lastOrg;
	}

	/** Takes what the server rendered or answered for the truth. */
	trust(session: Session): void {
		this.#session = session;
		this.#isOver = false;
		this.#lookedAt = Date.now();
	}

	/** The organization that one's own pages, and the next signing in, lead back to. */
	enterOrg(slug: string): void {
		if (slug === this.#lastOrg) return;
		this.#lastOrg = slug;
		keep('last_org', slug);
	}

	/** Whether one's role in an organization allows something, so that a page offers it. */
	may(org: string | undefined, permission: Permission): boolean {
		const role = this.orgs.find(({ slug }) => slug === org)?.role;
		return role !== undefined && can(role, permission);
	}

	/** Asks again after a navigation, unless the last look is fresh or nobody is signed in. */
	async look(isDoubted = false): Promise<void> {
		if (this.isLoading || !this.isAuthenticated || (!isDoubted && Date.now() - this.#lookedAt < TRUST_MS)) return;
		this.isLoading = true;
		try {
			const session = await trpc.auth.session.query();
			if (!session) return await this.leave();
			const isSame = session.user.id === this.user?.id;
			this.trust(session);
			if (!isSame) await refreshAll();
		} catch {
			// A lost connection says nothing about the session: the next navigation asks again.
		} finally {
			this.isLoading = false;
		}
	}

	/** Leads somebody who has just signed in to where they wanted, or to the organization they were in last. */
	async enter(redirectTo: string | null = null): Promise<void> {
		this.trust(await trpc.auth.session.query());
		await goto(localPath(redirectTo, this.home ? `/orgs/${this.home.slug}` : '/orgs'), { refreshAll: true });
	}

	/** Signs out, and goes on to `next`. The page clears itself even when the server cannot be told, and says so. */
	async signOut(next = '/login'): Promise<void> {
		const told = await trpc.auth.logout.mutate().then(
			() => true,
			() => false
		);
		this.trust(null);
		// Without asking the server again: it would still see a session, and lead back in.
		await (told ? goto(next, { refreshAll: true }) : goto('/login', { state: { warning: UNCONFIRMED } }));
	}

	/** The CSRF token of the session that the page shows. */
	token(): string | undefined {
		return this.#session?.csrfToken;
	}

	/**
	 * Mends what a call was refused for. A change waits until its person is signed in again, so that nothing which was
	 * entered is lost; after a question the page leaves for a sign-in. Whoever is suspended only reads why, and what is
	 * suspended may be an organization: whether they are signed in is asked.
	 */
	async mend(reason: Reason | null | undefined, isChange: boolean): Promise<boolean> {
		const hasEnded = reason === 'unauthenticated';
		if (isChange && this.#session && (reason === 'csrf' || (hasEnded && this.askAgain))) return this.regain();
		if (this.isAuthenticated && hasEnded) void this.leave();
		else if (reason === 'suspended' && !isChange) void this.look(true);
		return false;
	}

	/** Whether the person of this page is signed in again; calls that are refused at once ask once. */
	private regain(): Promise<boolean> {
		return (this.#regaining ??= this.askForReturn().finally(() => (this.#regaining = undefined)));
	}

	private async askForReturn(): Promise<boolean> {
		const person = this.#session?.user;
		const session = await trpc.auth.session.query().catch(() => undefined);
		if (!person || session === undefined) return false;
		if (session?.user.id === person.id) {
			this.trust(session);
			return true;
		}
		// Nobody knows the password of whom they acted as.
		if (this.lent) void this.leave();
		if (!this.askAgain || this.lent) return false;
		const isBack = await this.askAgain(person, session?.user);
		this.#isOver = !isBack;
		return isBack;
	}

	/** Clears the view and asks for a sign-in that comes back to this page. */
	async leave(): Promise<void> {
		this.trust(null);
		const here = location.pathname + location.search;
		await goto(`/login?redirectTo=${encodeURIComponent(here)}`, { refreshAll: true });
	}
}

const [useAuth, setAuth] = createContext<AuthState>();
export { useAuth };

/** Made once by the root layout: a module's own state would be shared by everybody the server renders for. */
export function provideAuth(session: Session, lastOrg: string | undefined): AuthState {
	const auth = setAuth(new AuthState(session, lastOrg));
	if (browser) keepBy(auth);
	return auth;
}
