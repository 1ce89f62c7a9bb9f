import { createTRPCClient, httpBatchLink, type TRPCClientError, type TRPCLink } from '@trpc/client';
import type { inferRouterOutputs } from '@trpc/server';
import { observable, tap } from '@trpc/server/observable';
import type { AppRouter } from '#server/router.ts';
import { transformer } from './transformer.ts';

export type Outputs = inferRouterOutputs<AppRouter>;

type Refusal = (error: TRPCClientError<AppRouter>) => void;
let refused: Refusal | undefined;

/** Calls `listener` whenever the server no longer accepts who is signed in; one listener, the view of the session. */
export const onRefused = (listener: Refusal): void => void (refused = listener);

const watch: TRPCLink<AppRouter> =
	() =>
	({ op, next }) =>
		observable((observer) =>
			next(op)
				.pipe(tap({ error: (error) => refused?.(error) }))
				.subscribe(observer)
		);

/** What every change sends in the header `X-CSRF-Token`; browser only. */
export const csrfToken = () => document.cookie.match(/(?:^|; )csrf_token=([^;]+)/)?.[1];

/** Browser only; on the server a page uses `locals.api`. */
export const trpc = createTRPCClient<AppRouter>({
	links: [
		watch,
		// Not the streaming link: it sends headers before a procedure can set a cookie.
		httpBatchLink({
			url: '/trpc',
			transformer,
			maxItems: 10,
			headers: () => ({ 'X-CSRF-Token': csrfToken() })
		})
	]
});
