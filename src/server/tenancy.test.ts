import { expect, test } from 'vitest';
import { makeTenant, nobody, SAMPLES, sealOf, type Ids } from '../../tests/tenants.ts';
import type { newBrowser } from '../../tests/fixtures.ts';
import { accessTable } from './router.ts';

type Api = ReturnType<typeof newBrowser>['api'];
type Call = (input: object) => Promise<unknown>;

const procedures = accessTable().filter(({ access }) => access?.includes('.'));

/** What became of a call, as text: its answer, or all that a refusal says. */
async function outcome(api: Api, path: string, input: object): Promise<string> {
	const call = path.split('.').reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], api) as Call;
	const told = await call(input).then(
		(answer) => ({ answer }),
		({ code, reason, message, fields }: Record<string, unknown>) => ({ code, reason, message, fields })
	);
	// Each of these calls is counted, and shows as soon as counts are written.
	return JSON.stringify(told).replace(/"calls":\d+/g, '"calls":"counted"');
}

const NAMES = Object.keys(nobody()) as (keyof Ids)[];

/** The same text for the same outcome, whosever ids went in and whatever ids and moments came out. */
function plain(text: string, of: Ids): string {
	for (const name of NAMES) text = text.replaceAll(of[name], name);
	return text
		.replace(/gh_[0-9A-Za-z]{8}(_[0-9A-Za-z]+)?/g, 'key')
		.replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/g, 'id')
		.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'at');
}

const secretsOf = (of: Ids) => new RegExp(NAMES.map((name) => of[name]).join('|'));

test('every procedure of an organization has a sample', () => {
	expect(Object.keys(SAMPLES)).toEqual(procedures.map(({ path }) => path));
});

test.for(procedures)('$path answers the same whatever another organization holds', async ({ path, type }) => {
	const own = await makeTenant();
	const { api } = own.admin;
	const { asks = () => [] } = SAMPLES[path] ?? {};
	const ask = async (of: Ids) => {
		const outcomes: string[] = [];
		for (const input of asks(of)) outcomes.push(await outcome(api, path, { org: own.slug, ...input }));
		return outcomes;
	};
	const before = type === 'query' ? await ask(own) : [];
	const other = await makeTenant();
	const seal = await sealOf(other.id);
	if (type === 'query') expect(await ask(own)).toEqual(before);

	const [none, answers] = [nobody(), await ask(other)];
	const expected = (await ask(none)).map((text) => plain(text, none));
	expect(answers.map((text) => plain(text, other))).toEqual(expected);
	if (type === 'query') expect(answers.join()).not.toMatch(secretsOf(other));
	expect(await sealOf(other.id)).toEqual(seal);
});

test.for(procedures.filter(({ path }) => SAMPLES[path]?.names))(
	'$path finds nothing of another organization by its id',
	async ({ path }) => {
		const [own, other, none] = [await makeTenant(), await makeTenant(), nobody()];
		const seal = await sealOf(other.id);
		const { names } = SAMPLES[path]!;
		const reach = async (of: Ids) => outcome(own.admin.api, path, { org: own.slug, ...names!(of) });
		const refusal = await reach(other);
		expect(refusal).toContain('"reason":"not_found"');
		expect(refusal).toBe(await reach(none));
		expect(refusal).not.toMatch(secretsOf(other));
		expect(await sealOf(other.id)).toEqual(seal);
		expect(await reach(own)).not.toContain('"reason"');
	}
);

test.for(procedures)('$path tells a stranger no more of an organization than of none', async ({ path }) => {
	const [own, other, none] = [await makeTenant(), await makeTenant(), nobody()];
	const seal = await sealOf(other.id);
	const { names = () => ({}), asks = () => [{}] } = SAMPLES[path] ?? {};
	const inputsOf = (of: Ids) => [names(of), ...asks(of)].map((input) => ({ org: of.slug, ...input }));
	for (const input of inputsOf(other)) {
		const refusal = await outcome(own.admin.api, path, input);
		expect(refusal).toContain('"reason":"not_found"');
		expect(refusal).toBe(await outcome(own.admin.api, path, { ...input, org: none.slug }));
	}
	expect(await sealOf(other.id)).toEqual(seal);
});
