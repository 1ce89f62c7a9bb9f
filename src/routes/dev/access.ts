import type { Role } from '#lib/roles.ts';

export type Person = { name: string; email: string; password: string; role: Role; org: string };
export type Procedure = { path: string; type: 'query' | 'mutation'; access: string };

/** What `/dev/access.json` answers. */
export type Access = { people: Person[]; procedures: Procedure[] };
