/** What Google hands over once a person has chosen an account. */
export type Credential = { credential: string };

/** As much of Google's library as we use. */
export type GoogleId = {
	initialize: (options: { client_id: string; nonce: string; callback: (answer: Credential) => unknown }) => void;
	prompt: () => void;
	/** Takes the offer off the page. */
	cancel: () => void;
};

const SCRIPT = 'https://accounts.google.com/gsi/client';

/** Fetches Google's library; rejects where something keeps it out. */
export const loadGoogle = (): Promise<GoogleId> =>
	new Promise((resolve, reject) => {
		const script = document.createElement('script');
		script.onload = () => resolve((window as unknown as { google: { accounts: { id: GoogleId } } }).google.accounts.id);
		script.onerror = () => reject(new Error(`${SCRIPT} cannot be had`));
		script.src = SCRIPT;
		document.head.append(script);
	});
