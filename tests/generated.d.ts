declare module '<sveltekit:generated>/env/config.js' {
	/** Checks the variables, and lets `$app/env` have them. */
	export function set_env(env: NodeJS.ProcessEnv): void;
}
