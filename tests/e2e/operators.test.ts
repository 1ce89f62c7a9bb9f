import { query } from './database.ts';
import { expect } from './fixtures.ts';
import { send } from './raw.ts';
import { test } from './server.ts';
import { signInAt } from './visitor.ts';

type Operator = { id: string; headers: Record<string, string>; origin: string };

async function call({ headers, origin }: Operator, path: string, input: object): Promise<number> {
	const { status } = await send(`/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) }, origin);
	return status;
}

test('twenty who unmake each other at once, in two processes, leave one system admin for good', async ({ serve }) => {
	test.setTimeout(120_000);
	const first = await serve();
	const { databaseUrl } = first;
	const origins = [first.origin, (await serve({ DATABASE_URL: databaseUrl })).origin];
	const operators: Operator[] = [];
	for (let n = 0; n < 20; n++) {
		const origin = origins[n % 2]!;
		const { email, headers } = await signInAt(origin, databaseUrl);
		const made = 'update "user" set sys_admin = true where email = $1 returning id';
		const { rows } = await query(made, [email], databaseUrl);
		operators.push({ id: (rows as { id: string }[])[0]!.id, headers, origin });
	}
	const answers: number[] = [];
	const unmakeAll = async (operator: Operator) => {
		for (const { id } of operators.filter(({ id }) => id !== operator.id)) {
			answers.push(await call(operator, 'admin.users.setSysAdmin', { userId: id, value: false }));
		}
	};
	await Promise.all(operators.map(unmakeAll));
	expect(new Set(answers)).toEqual(new Set([200, 403]));
	const { rows } = await query('select id from "user" where sys_admin', [], databaseUrl);
	expect(rows).toHaveLength(1);

	const last = operators.find(({ id }) => id === (rows as { id: string }[])[0]!.id)!;
	expect(await call(last, 'admin.users.setSysAdmin', { userId: last.id, value: false })).toBe(409);
	expect(await call(last, 'admin.users.suspend', { userId: last.id, reason: 'Holidays' })).toBe(409);
	expect(await call(last, 'account.deactivate', {})).toBe(409);

	const other = operators.find(({ id }) => id !== last.id)!;
	expect(await call(last, 'admin.users.setSysAdmin', { userId: other.id, value: true })).toBe(200);
	expect(await call(other, 'admin.users.suspend', { userId: last.id, reason: 'Holidays' })).toBe(200);
	expect(await call(other, 'account.deactivate', {}), 'somebody suspended runs nothing').toBe(409);
});
