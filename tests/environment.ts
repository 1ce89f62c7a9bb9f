import { set_env } from '<sveltekit:generated>/env/config.js';

// SvelteKit writes the environment into its folder, where another run of the tests may have put its own since. This is
// imported before all that reads it.
set_env(process.env);
