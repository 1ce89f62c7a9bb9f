/**
 * A person's picture where we serve it ourselves. One that a provider told of stays out of pages: their policy forbids
 * it, and another server would learn who is looked at.
 */
export const ownPicture = (avatarUrl: string | null | undefined): string | null =>
	avatarUrl?.startsWith('/avatars/') ? avatarUrl : null;
