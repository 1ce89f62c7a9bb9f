import { expect } from './fixtures.ts';
import { test } from './server.ts';

test('sign-ins are counted by the socket’s address, whatever headers and the adapter’s own settings say', async ({
	serve
}) => {
	const { origin } = await serve({ RATE_LIMIT_FACTOR: '1', ADDRESS_HEADER: 'X-Forwarded-For', XFF_DEPTH: '2' });
	const attempt = (headers: Record<string, string>) =>
		fetch(`${origin}/trpc/auth.login`, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', ...headers },
			body: JSON.stringify({ identifier: 'somebody@example.com', password: 'not-the-password' })
		});
	const answers: Response[] = [];
	for (let nth = 0; nth < 6; nth++) {
		answers.push(await attempt(nth === 0 ? {} : { 'X-Forwarded-For': `192.0.2.${nth}, 198.51.100.${nth}` }));
	}
	expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429]);
	expect(Number(answers[5]!.headers.get('Retry-After'))).toBeGreaterThan(800);
});
