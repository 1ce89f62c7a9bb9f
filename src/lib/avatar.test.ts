import { expect, test } from 'vitest';
import { ownPicture } from './avatar.ts';

test('a page shows pictures of ours, and asks nobody else for any', () => {
	expect(ownPicture('/avatars/0a1b.webp')).toBe('/avatars/0a1b.webp');
	for (const url of [null, undefined, 'https://images.example.com/avatars/ada.png', '//evil.example/avatars/a.webp']) {
		expect(ownPicture(url)).toBeNull();
	}
});
