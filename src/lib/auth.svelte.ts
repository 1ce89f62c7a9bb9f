import { createContext } from 'svelte';
import { browser } from '$app/env';
import { goto } from '$app/navigation';
import { keep } from './cookie.ts';
import { localPath } from './redirect.ts';
import { can, type Permission } from './roles.ts';
import { onRefused, trpc, type Outputs } from './trpc.ts';

export type Session = Outputs['auth']['session'];

/** How long a look at the session is trusted while one moves about, in milliseconds. */
const TRUST_MS = 20_000;

const UNCONFIRMED =
	'This page is signed out, but the server could not be told. Sign in and out again once you are online.';

/** Who is signed in, as this browser last heard it. The server decides on every call; this only shows. */
class AuthState {
	#session: Session = $state(null);
	#lookedAt = 0;
	#lastOrg: string | undefined = $state();
	isLoading = $state(false);
	user = $derived(this.#session?.user ?? null);
	orgs = $derived(this.#session?.orgs ?? []);
	isAuthenticated = $derived(this.#session !== null);
	/** The organization one was in last, while one is in it; else the first. */
	home = $derived(this.orgs.find(({ slug }) => slug === this.#lastOrg) ?? this.orgs[0]);

	constructor(session: Session, lastOrg: string | undefined) {
		this.trust(session);
		this.#lastOrg = lastOrg;
	}

	/** Takes what the server rendered or answered for the truth. */
	trust(session: Session): void {
		this.#session = session;
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
	async look(): Promise<void> {
		if (this.isLoading || !this.isAuthenticated || Date.now() - this.#lookedAt < TRUST_MS) return;
		this.isLoading = true;
		try {
			const session = await trpc.auth.session.query();
			if (session) this.trust(session);
			else await this.leave();
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
	if (!browser) return auth;
	onRefused(({ data }) => {
		const ended = data?.reason === 'unauthenticated' || data?.reason === 'suspended';
		if (ended && auth.isAuthenticated) void auth.leave();
	});
	return auth;
}
