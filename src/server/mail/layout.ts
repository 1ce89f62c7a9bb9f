import { APP_NAME } from '$app/env/private';
import type { Letter } from './letter.ts';

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const because = (letter: Letter) => `You get this mail because ${letter.because}`;

/** The text part: the same words, the link on a line of its own. */
export const renderText = (letter: Letter): string =>
	[
		...letter.paragraphs,
		...(letter.action ? [`${letter.action.label}: ${letter.action.url}`] : []),
		'-- ',
		because(letter)
	].join('\n\n');

const STYLE = {
	body: 'margin:0;padding:32px 16px;background:#f9fafa;color:#161d1a;font:16px/1.55 Inter,system-ui,sans-serif',
	card: 'max-width:480px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #e2e6e4;border-radius:10px',
	name: 'margin:0 0 24px;font-weight:600;font-size:15px',
	button:
		'display:inline-block;padding:11px 20px;border-radius:8px;background:#006044;color:#ffffff;font-weight:600;text-decoration:none',
	address: 'margin:24px 0 0;font-size:13px;color:#4d5652;word-break:break-all',
	because: 'max-width:480px;margin:20px auto 0;font-size:13px;color:#4d5652'
};

const renderAction = ({ label, url }: NonNullable<Letter['action']>) => `
		<p style="margin:28px 0 0"><a href="${escape(url)}" style="${STYLE.button}">${escape(label)}</a></p>
		<p style="${STYLE.address}">Or open this address:<br>${escape(url)}</p>`;

/** The HTML part, with its styles inline: few mail programs read a sheet. */
export const renderHtml = (letter: Letter): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="format-detection" content="telephone=no"><title>${escape(letter.subject)}</title></head>
<body style="${STYLE.body}">
	<div style="${STYLE.card}">
		<p style="${STYLE.name}">${escape(APP_NAME)}</p>
		${letter.paragraphs.map((paragraph) => `<p style="margin:0 0 12px">${escape(paragraph)}</p>`).join('\n\t\t')}${letter.action ? renderAction(letter.action) : ''}
	</div>
	<p style="${STYLE.because}">${escape(because(letter))}</p>
</body>
</html>`;
