import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';
import { page } from '$app/state';
import { browser } from '$app/env';

export const THEMES = [
	{ value: 'system', label: 'System', Icon: Monitor },
	{ value: 'light', label: 'Light', Icon: Sun },
	{ value: 'dark', label: 'Dark', Icon: Moon }
] as const;

/** A year, in seconds. */
const MAX_AGE = 31_536_000;

/** The theme that is on. The document knows best; the server writes the same one into it. */
export const currentTheme = (): string =>
	browser ? (document.documentElement.dataset.theme ?? 'system') : page.data.theme;

/** Changes the theme at once, and for the pages that the server renders from now on. */
export function chooseTheme(theme: string): void {
	document.documentElement.dataset.theme = theme;
	document.cookie = `theme=${theme}; Path=/; Max-Age=${MAX_AGE}; SameSite=Lax`;
}
