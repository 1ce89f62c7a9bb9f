import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { dress } from './http/headers.ts';

// SvelteKit reads the environment before Vitest's own settings come to bear.
if (process.env.VITEST) {
	process.env.LOG_LEVEL ??= 'silent';
	// All tests call from one address; those about limits bring their own.
	process.env.RATE_LIMIT_FACTOR ??= '0';
}

/** Development answers with the headers of production, but those that bind to https. */
const headers: Plugin = {
	name: 'gatehouse:headers',
	configureServer({ middlewares }) {
		middlewares.use((request, response, next) => {
			dress(request, response, false);
			next();
		});
	}
};

export default defineConfig({
	plugins: [
		headers,
		tailwindcss(),
		sveltekit({
			adapter: adapter(),
			tracing: { server: true },
			// Ours looks at every unsafe method and answers in words: server/auth/csrf.ts.
			csrf: { trustedOrigins: ['*'] },
			csp: {
				mode: 'nonce',
				directives: {
					'default-src': ['none'],
					'script-src': ['self'],
					'style-src': ['self'],
					// The one style attribute there is: of the element by which SvelteKit announces a navigation.
					'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
					'img-src': ['self', 'data:'],
					'font-src': ['self'],
					'connect-src': ['self'],
					'frame-src': ['self'],
					'manifest-src': ['self'],
					'frame-ancestors': ['none'],
					'base-uri': ['none'],
					'form-action': ['self']
				}
			}
		})
	],
	environments: {
		client: {
			build: {
				rolldownOptions: {
					output: {
						codeSplitting: {
							// What a third of the pages share is one file: half the requests, and smaller, since it is compressed as one.
							groups: [{ name: 'shared', priority: -1, minShareCount: 20 }]
						}
					}
				}
			}
		}
	},
	test: {
		include: ['src/**/*.test.ts', 'db/*.test.ts', 'tests/*.test.ts'],
		setupFiles: 'tests/setup.ts',
		isolate: false,
		// Of one that hangs; how long the others take is the machine's affair.
		testTimeout: 60_000,
		hookTimeout: 60_000
	}
});
