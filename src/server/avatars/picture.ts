import pLimit from 'p-limit';
import sharp from 'sharp';
import { AppError, invalid } from '../errors.ts';

/** Pixels of a side, of every picture that is kept. */
const SIDE = 256;

/** Pixels that a file may say it has, which is decided before any of them is unpacked: what good cameras make. */
const PIXELS = 50_000_000;

/** After so many seconds a picture is given up. */
const PATIENCE = 10;

// Of all the formats that it could read, an attacker has the code of three to try.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'] });
// Nobody sends the same picture twice, and each is small work.
sharp.cache(false);
sharp.concurrency(1);

const slot = pLimit(2);
const MOST_WAITING = 20;

/**
 * The middle of a picture as a small WebP: its pixels alone, without what a file carries besides, in front or behind.
 * @throws {AppError} `invalid` on `avatar`; `overloaded` when too many wait already
 */
export async function toAvatar(file: Uint8Array): Promise<Buffer> {
	if (slot.pendingCount >= MOST_WAITING) {
		throw new AppError('overloaded', 'The server is busy right now. Please try again in a moment.');
	}
	try {
		return await slot(() =>
			sharp(file, { limitInputPixels: PIXELS, failOn: 'error', autoOrient: true })
				.resize(SIDE, SIDE, { fit: 'cover' })
				.webp({ quality: 82 })
				.timeout({ seconds: PATIENCE })
				.toBuffer()
		);
	} catch {
		// In whatever words the library says it, a file that it cannot read is the sender's to change.
		throw invalid('avatar', 'Choose a PNG, JPEG or WebP picture of at most 50 megapixels.');
	}
}
