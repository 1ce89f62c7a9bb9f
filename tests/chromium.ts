import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';

const usualPlaces = [
	'/usr/bin/chromium',
	'/usr/bin/chromium-browser',
	'/usr/bin/google-chrome',
	'/usr/bin/google-chrome-stable',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** The Chromium for the journeys: the one that CHROMIUM_PATH names, else the machine's, else Playwright's own. */
export function findChromium(): string | undefined {
	const places = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : [...usualPlaces, chromium.executablePath()];
	return places.find((path) => existsSync(path));
}

/** Only a browser that answers counts: a bare machine may lack the libraries of a downloaded one. */
function hasChromium(): boolean {
	const path = findChromium();
	return path !== undefined && spawnSync(path, ['--version']).status === 0;
}

function install(): void {
	const playwright = fileURLToPath(new URL('../node_modules/.bin/playwright', import.meta.url));
	run(playwright, 'install', 'chromium');
	if (hasChromium() || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
	if (run('apt-get', 'update')) run('apt-get', 'install', '-y', '--no-install-recommends', 'chromium');
}

function run(command: string, ...args: string[]): boolean {
	return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

if (import.meta.main) {
	if (!process.env.CHROMIUM_PATH && !hasChromium()) install();
	if (!hasChromium()) {
		console.error('The browser journeys need Chromium: install it, or set CHROMIUM_PATH to one that starts.');
		process.exitCode = 1;
	}
}
