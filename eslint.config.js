import svelte from 'eslint-plugin-svelte';
import ts from 'typescript-eslint';

/** One object per kind of file: a later object would replace an earlier one's rule, not add to it. */
const fence = (files, regex, message, allowTypeImports = false) => ({
	files,
	rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: [{ regex, message, allowTypeImports }] }] }
});

/** Everything but what the alternatives in `allowed` match. */
const allBut = (...allowed) => `^(?!${allowed.join('|')})`;

export default ts.config(
	{ ignores: ['.svelte-kit/', 'build/', '.data/', 'test-results/', 'src/server/schema.ts', 'tests/api.d.ts'] },
	...ts.configs.recommendedTypeChecked,
	...svelte.configs.recommended,
	{
		languageOptions: { parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] } },
		rules: {
			'no-console': 'error',
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
			// SvelteKit throws redirects and errors that are no `Error`.
			'@typescript-eslint/only-throw-error': 'off',
			// Paths are written in full: the routes have no base, and a checked redirect is a string.
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{ files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: ts.parser } } },
	// svelte-check knows the types of a page; ESLint sees them as any.
	{ files: ['**/*.svelte', '*.js'], ...ts.configs.disableTypeChecked },
	// Programs of the command line speak to their user; the app has its log.
	{ files: ['server.js', 'dev.ts', 'dev-provider.ts', 'db/**', 'tests/**'], rules: { 'no-console': 'off' } },

	fence(['src/lib/**'], '^#server/|^\\.\\..*/server/', 'lib runs in the browser: import types only.', true),
	fence(
		['src/**/*.svelte'],
		'^#server/|^\\.\\..*/server/|^\\$app/env/private$',
		'Pages hold no server code: import types only.',
		true
	),
	fence(
		['queries', 'answers', 'history', 'search', 'identities'].map((name) => `src/server/**/${name}.ts`),
		allBut('kysely$', '#lib/', '(\\.\\./)+(db|schema|live|names)\\.ts$', '\\./queries\\.ts$'),
		'Queries know SQL, nothing else.'
	),
	fence(
		[
			'service',
			'signin',
			'acceptance',
			'claim',
			'confirmation',
			'departure',
			'undo',
			'import',
			'file',
			'visit',
			'onetap'
		].map((name) => `src/server/**/${name}.ts`),
		'^@trpc/|^@sveltejs/|/router\\.ts$|/trpc\\.ts$|^((\\.\\./)+|#server/)([^/]+/)+queries\\.ts$',
		'Services know no transport, and no other feature’s SQL.'
	),
	fence(
		['src/server/**/router.ts'],
		'^((\\.\\./)+|#server/)([^/]+/)+(queries|router)\\.ts$',
		'Routers use their own queries and any service.'
	),
	fence(
		['src/server/*/rest.ts'],
		allBut('zod$', '#lib/', '\\.\\./rest/rest\\.ts$'),
		'What is told of a procedure needs none of its code.'
	),
	fence(
		['src/routes/**/+page*.ts', 'src/routes/**/+layout*.ts'],
		'^#server/|^\\.\\..*/server/',
		'Pages read through locals.api.'
	),
	fence(
		['src/routes/**/+server.ts'],
		'^#server/[^/]+/(queries|router)\\.ts$|^#server/db\\.ts$',
		'A door calls services and the router, never the database.'
	)
);
