import { CodeChallengeMethod } from 'arctic';
import { z } from 'zod';
import { ask, Client, OAuthError } from './outward.ts';
import { claims, splitName, type Provider, type Registration } from './provider.ts';

type Options = { url: string; apiUrl: string };

const SCOPES = ['read:user', 'user:email'];

const profile = z.object({ id: z.number().int().positive(), name: claims.name, avatar_url: claims.picture });

const isTrue = z.literal(true).optional().catch(undefined);
const addresses = z.array(z.object({ email: claims.email, primary: isTrue, verified: isTrue }));

/** GitHub, or an Enterprise server of one's own: it speaks OAuth without OpenID, so its API says who came. */
export function gitHub(registration: Registration, { url, apiUrl }: Options): Provider {
	const client = new Client(registration);

	async function read<T>(path: string, token: string, schema: z.ZodType<T>): Promise<T> {
		const response = await ask(`${apiUrl}${path}`, {
			headers: { Accept: 'application/vnd.github+json', Authorization: `Bearer ${token}`, 'User-Agent': 'Gatehouse' }
		});
		if (response.status === 401) throw new OAuthError('oauth_failed', response.status);
		if (response.status !== 200) throw new OAuthError('oauth_server_error', response.status);
		const { data, error } = schema.safeParse(await response.json().catch(() => undefined));
		if (!data) throw new OAuthError('oauth_server_error', error);
		return data;
	}

	return {
		id: 'github',
		name: 'GitHub',
		authorizationUrl(state, { verifier, provesFrom }) {
			const endpoint = `${url}/login/oauth/authorize`;
			const method = CodeChallengeMethod.S256;
			const authorizationUrl = client.createAuthorizationURLWithPKCE(endpoint, state, method, verifier, SCOPES);
			// GitHub asks nobody for a password again, and without this not even for a click.
			if (provesFrom) authorizationUrl.searchParams.set('prompt', 'select_account');
			return Promise.resolve(authorizationUrl);
		},
		async identify(code, { verifier }) {
			const { data } = await client.validateAuthorizationCode(`${url}/login/oauth/access_token`, code, verifier);
			const token = 'access_token' in data ? data.access_token : undefined;
			if (typeof token !== 'string') throw new OAuthError('oauth_server_error', 'no access token');
			const [{ id, name, avatar_url }, all] = await Promise.all([
				read('/user', token, profile),
				read('/user/emails?per_page=100', token, addresses)
			]);
			const vouched = all.find((address) => address.primary && address.verified);
			return {
				subject: String(id),
				email: vouched?.email ?? null,
				...splitName(name),
				picture: avatar_url ?? null
			};
		}
	};
}
