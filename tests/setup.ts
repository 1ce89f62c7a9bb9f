import './environment.ts';
import { afterAll } from 'vitest';
import { settings } from '#server/settings.ts';

// Test files of a worker share its modules, so that each is loaded once; what one of them deploys ends with it.
const { mode, isSignupOpen, limits, providers } = settings;
const deployed = { mode, isSignupOpen, limits: { ...limits }, providers: { ...providers } };

afterAll(() => {
	settings.mode = deployed.mode;
	settings.isSignupOpen = deployed.isSignupOpen;
	Object.assign(limits, deployed.limits);
	for (const id of Object.keys(providers)) Reflect.deleteProperty(providers, id);
	Object.assign(providers, deployed.providers);
});
