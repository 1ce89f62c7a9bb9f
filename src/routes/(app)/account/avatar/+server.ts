import { admitPerson } from '#server/auth/admission.ts';
import { AVATAR_LIMIT, removeAvatar, setAvatar } from '#server/avatars/service.ts';
import { readForm } from '#server/body.ts';
import { AppError, invalid } from '#server/errors.ts';
import { settings } from '#server/settings.ts';
import type { RequestHandler } from './$types';

/** Bytes that a form wraps a file in. */
const WRAPPING = 16 * 1024;

/** A person's picture is theirs alone. */
const OWN = { own: true };

/** Takes the picture of whoever is signed in. */
export const POST: RequestHandler = async ({ locals, request }) => {
	await locals.count();
	const actor = admitPerson(locals.actor, OWN);
	const file = (await readForm(request, AVATAR_LIMIT + WRAPPING)).get('avatar');
	if (!(file instanceof File)) throw invalid('avatar', 'Choose a picture.');
	if (file.size > AVATAR_LIMIT) throw new AppError('too_large', 'A picture may have at most 5 MB.');
	return Response.json(await setAvatar(actor, await file.bytes(), settings));
};

export const DELETE: RequestHandler = async ({ locals }) => {
	await locals.count();
	return Response.json(await removeAvatar(admitPerson(locals.actor, OWN)));
};
