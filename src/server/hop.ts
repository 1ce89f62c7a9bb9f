const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

/**
 * A page of ours that goes on to `path` by itself. Strict cookies stay at home on a navigation that another site
 * began, redirects included; the step from here is one of our own.
 */
export function hop(path: string): Response {
	const target = escape(path);
	const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${target}"><title>One moment</title><p><a href="${target}">Go on</a></p></html>`;
	return new Response(html, {
		headers: {
			'Content-Type': 'text/html; charset=utf-8',
			'Content-Security-Policy': "default-src 'none'",
			'Cache-Control': 'no-store',
			'Referrer-Policy': 'no-referrer'
		}
	});
}
