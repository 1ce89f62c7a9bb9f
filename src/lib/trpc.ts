import { createTRPCClient, httpBatchLink, type Operation, type TRPCClientError, type TRPCLink } from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import { observable, type Unsubscribable } from '@trpc/server/observable';
import type { Reason } from '#server/errors.ts';
import type { AppRouter } from '#server/router.ts';
import { transformer } from './transformer.ts';

export type Outputs = inferRouterOutputs<AppRouter>;

type Keeper = {
	/** The CSRF token of the session that the page shows. */
	token: () => string | undefined;
	/** Hears why a change, or a question, was refused; answers whether to send it again. */
	mend: (reason: Reason | null | undefined, isChange: boolean) => Promise<boolean>;
};
let keeper: Keeper | undefined;

/** Calls are made for whom the keeper knows; there is one, the view of the session. */
export const keepBy = (view: Keeper): void => void (keeper = view);

/** Whether a change that was refused has better prospects by now: who sent it has signed in again. */
export const isMended = async (reason: Reason | null | undefined, isChange = true): Promise<boolean> =>
	(await keeper?.mend(reason, isChange)) ?? false;

/** Signing in and out is about whoever this browser is signed in as, whatever the page shows. */
const isAboutBrowser = ({ path }: { path: string }) => path.startsWith('auth.');

/** A call that is worth sending once more after `error`; about the browser, with the token of its very session. */
async function mended(op: Operation, { data }: TRPCClientError<AppRouter>): Promise<Operation | undefined> {
	if (!isAboutBrowser(op)) return (await isMended(data?.reason, op.type === 'mutation')) ? op : undefined;
	if (data?.reason !== 'csrf') return undefined;
	const session = await trpc.auth.session.query().catch(() => null);
	return session ? { ...op, context: { ...op.context, token: session.csrfToken } } : undefined;
}

/** Sends a call once more, if what it was refused for is mended. */
const again: TRPCLink<AppRouter> =
	() =>
	({ op, next }) =>
		observable((observer) => {
			const retry = async (error: TRPCClientError<AppRouter>) => {
				const better = await mended(op, error);
				if (better) sent = next(better).subscribe(observer);
				else observer.error(error);
			};
			let sent: Unsubscribable = next(op).subscribe({
				next: (value) => observer.next(value),
				error: (error) => void retry(error),
				complete: () => observer.complete()
			});
			return () => sent.unsubscribe();
		});

/** May be one that a sibling domain put there, for a narrower path. */
const cookieToken = () => document.cookie.match(/(?:^|; )csrf_token=([^;]+)/)?.[1];

/**
 * What every change sends in the header `X-CSRF-Token`; browser only. Not the cookie's, while the page shows a session:
 * that one may be of somebody who signed in in another tab meanwhile, and nothing is sent in their name.
 */
export const csrfToken = () => keeper?.token() ?? cookieToken();

const tokenOf = ({ context }: Operation) => (context.token as string | undefined) ?? cookieToken();

/** Browser only; on the server a page uses `locals.api`. */
export const trpc = createTRPCClient<AppRouter>({
	links: [
		again,
		// Not the streaming link: it sends headers before a procedure can set a cookie.
		httpBatchLink({
			url: '/trpc',
			transformer,
			maxItems: 10,
			headers: ({ opList: [first, ...others] }) => ({
				'X-CSRF-Token': [first, ...others].every(isAboutBrowser) ? tokenOf(first) : csrfToken()
			})
		})
	]
});
