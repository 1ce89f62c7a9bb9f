import type { PageServerLoad } from './$types';

type Mail = { id: string; to: string; subject: string; text: string; html: string; sentAt: string };

export const load: PageServerLoad = async ({ fetch }) => {
	const response = await fetch('/dev/mail.json');
	return { mails: (await response.json()) as Mail[] };
};
