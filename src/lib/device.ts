import { withoutLinks } from './links.ts';

const find = (text: string, names: [RegExp, string][]) => names.find(([pattern]) => pattern.test(text))?.[1];

// In this order: each browser also calls itself by the names of those it came from.
const BROWSERS: [RegExp, string][] = [
	[/\bEdg(?:e|A|iOS)?\//, 'Edge'],
	[/\b(?:OPR|Opera)\//, 'Opera'],
	[/\bSamsungBrowser\//, 'Samsung Internet'],
	[/\b(?:Firefox|FxiOS)\//, 'Firefox'],
	[/\b(?:Headless)?(?:Chrome|Chromium|CriOS)\//, 'Chrome'],
	[/\bSafari\//, 'Safari']
];
const SYSTEMS: [RegExp, string][] = [
	[/\b(?:iPhone|iPod)\b/, 'iPhone'],
	[/\biPad\b/, 'iPad'],
	[/\bAndroid\b/, 'Android'],
	[/\bWindows\b/, 'Windows'],
	[/\bMac OS X\b/, 'macOS'],
	[/\bCrOS\b/, 'ChromeOS'],
	[/\bLinux\b/, 'Linux']
];

/** A browser's own long name for itself in two words: "Firefox on Windows". A program's first word stays as it is. */
export function deviceName(userAgent: string): string {
	const [browser, system] = [find(userAgent, BROWSERS), find(userAgent, SYSTEMS)];
	if (browser) return system ? `${browser} on ${system}` : browser;
	return userAgent.split(' ', 1)[0] || 'Unknown device';
}

/** The same for a mail: a program may call itself by a link. */
export const deviceInMail = (userAgent: string): string =>
	withoutLinks(deviceName(userAgent)).slice(0, 60).trim() || 'Unknown device';
