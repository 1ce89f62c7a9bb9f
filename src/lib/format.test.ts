import { expect, test } from 'vitest';
import { exactTime } from './format.ts';

test.for([
	[undefined, 'Jan 31, 2030, 23:05 UTC'],
	['Europe/Berlin', 'Feb 1, 2030, 00:05 Europe/Berlin'],
	['Asia/Calcutta', 'Feb 1, 2030, 04:35 Asia/Calcutta'],
	['Asia/Kolkata', 'Feb 1, 2030, 04:35 Asia/Kolkata'],
	['Mars/Olympus', 'Jan 31, 2030, 23:05 UTC']
])('a moment in the zone %s is %s', ([zone, words]) => {
	expect(exactTime(new Date('2030-01-31T23:05:00Z'), zone)).toBe(words);
});
