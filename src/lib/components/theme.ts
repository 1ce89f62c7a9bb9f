import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';
import { browser } from '$app/env';
import { page } from '$app/state';
import { keep } from '#lib/cookie.ts';

export const THEMES = [
	{ value: 'system', label: 'System', Icon: Monitor },
	{ value: 'light', label: 'Light', Icon: Sun },
	{ value: 'dark', label: 'Dark', Icon: Moon }
] as const;

/** The theme that is on. The document knows it best; what the server renders says the same. */
export function currentTheme(): string {
	const theme: unknown = browser ? document.documentElement.dataset.theme : page.data.theme;
	return THEMES.find(({ value }) => value === theme)?.value ?? 'system';
}

/** Changes the theme at once, and for the pages that the server renders from now on. */
export function chooseTheme(theme: string): void {
	document.documentElement.dataset.theme = theme;
	keep('theme', theme);
}
