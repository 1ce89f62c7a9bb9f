type Switch = { type: 'boolean'; default: boolean; title: string };
type Quantity = { type: 'integer'; default: number; least: number; most: number; title: string };
/** A line of so many characters at the most; an empty one is none. */
type Text = { type: 'text'; default: string; most: number; title: string };
export type Setting = Switch | Quantity | Text;

type Values = { boolean: boolean; integer: number; text: string };
/** What a setting is set to. */
export type Value = Values[Setting['type']];

/** All that can be chosen: by a person for themselves, for an organisation, and for the whole service. */
export const SETTINGS = {
	user: {
		quotaWarnings: { type: 'boolean', default: true, title: 'Mail when a quota runs out' }
	},
	org: {
		overageEnabled: { type: 'boolean', default: false, title: 'Overage' },
		overageTokensPerMonth: {
			type: 'integer',
			default: 100_000,
			least: 0,
			most: 1_000_000_000,
			title: 'Overage tokens a month'
		}
	},
	system: {
		ai_overage_enabled: { type: 'boolean', default: false, title: 'Overage of AI tokens' },
		signup_open: { type: 'boolean', default: true, title: 'Sign-up' },
		banner: { type: 'text', default: '', most: 200, title: 'Banner' }
	}
} as const satisfies Record<string, Record<string, Setting>>;

export type SettingScope = keyof typeof SETTINGS;

type OfSystem = typeof SETTINGS.system;
/** What holds for the whole service. */
export type SystemValues = { [Key in keyof OfSystem]: Values[OfSystem[Key]['type']] };

/** The setting of a name; nothing where there is none. */
export const findSetting = (scope: SettingScope, key: string): Setting | undefined =>
	Object.hasOwn(SETTINGS[scope], key) ? (SETTINGS[scope] as Record<string, Setting>)[key] : undefined;
