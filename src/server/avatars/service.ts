import { noteEvent } from '../accounts/service.ts';
import type { SignedIn } from '../auth/actor.ts';
import { hashToken } from '../crypto.ts';
import { db, transaction } from '../db.ts';
import { AppError } from '../errors.ts';
import { countCostly } from '../limit.ts';
import type { Settings } from '../settings.ts';
import { toAvatar } from './picture.ts';
import * as queries from './queries.ts';

/** Bytes of a file that is sent. */
export const AVATAR_LIMIT = 5 * 1024 * 1024;

/** By its content, so that it may be kept for good; and by its person, so that whoever has the picture cannot tell who uses it. */
const nameOf = (userId: string, picture: Buffer) => hashToken(userId + picture.toString('base64'));

/**
 * Gives a person a picture, instead of the one they had.
 * @throws {AppError} `rate_limited`; what `toAvatar` throws
 */
export async function setAvatar(actor: SignedIn, file: Uint8Array, { limits }: Pick<Settings, 'limits'>) {
	const { id } = actor.user;
	await countCostly('picture', actor, {}, limits);
	const picture = await toAvatar(file);
	const name = nameOf(id, picture);
	const avatarUrl = `/avatars/${name}.webp`;
	await transaction(async (tx) => {
		await queries.setAddress(tx, id, avatarUrl);
		await queries.putPicture(tx, id, name, picture);
		await noteEvent(tx, actor, id, 'profile.updated', { changed: ['avatarUrl'] });
	});
	return { avatarUrl };
}

/** Takes a person's picture away; without one there is nothing to do. */
export const removeAvatar = (actor: SignedIn) =>
	transaction(async (tx) => {
		const { id } = actor.user;
		if (await queries.clearAddress(tx, id)) {
			await queries.deletePicture(tx, id);
			await noteEvent(tx, actor, id, 'profile.updated', { changed: ['avatarUrl'] });
		}
		return { avatarUrl: null };
	});

/** @throws {AppError} `not_found` */
export async function findAvatar(name: string): Promise<Buffer> {
	const found = await queries.findPicture(db, name);
	if (!found) throw new AppError('not_found', 'There is no such picture.');
	return found.picture;
}
