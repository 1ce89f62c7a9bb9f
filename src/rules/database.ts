import pg from 'pg';

/** Where a DATABASE_URL leads, as whom, and how. */
type Target = {
	names: string[];
	password: string;
	host: string;
	/** Whether the certificate is not checked, or not whether it is that host's. */
	isUnverified: boolean;
};

/** As the driver reads it, whose query parameters have the last word; nothing for one that it cannot read. */
export function targetOf(url: string): Target | undefined {
	try {
		const client = new pg.Client({ connectionString: url });
		const { user = '', password, host, database = '' } = client;
		const ssl = client.ssl as pg.ClientConfig['ssl'];
		const isUnverified =
			typeof ssl === 'object' && (ssl.rejectUnauthorized === false || ssl.checkServerIdentity !== undefined);
		return { names: [user, host, database], password: password || '', host, isUnverified };
	} catch {
		// Whoever connects is told why.
		return undefined;
	}
}
