import pg from 'pg';

type Role = { role: string; freeName: string; database: string; bootstrap: boolean; hasPeople: boolean };

/** Hands over what the app has made; a sequence of a column follows its table. */
const handOver = (name: string) => `do $$ declare command text; begin
  for command in
    select format('alter schema %I owner to ${name}', nspname) from pg_namespace where nspname = 'graphile_worker'
    union all select format('alter %s %s owner to ${name}',
        case relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, oid::regclass)
      from pg_class c where relkind in ('r', 'p', 'v', 'S')
        and relnamespace in (select oid from pg_namespace where nspname in ('public', 'graphile_worker'))
        and not exists (select from pg_depend where objid = c.oid and deptype in ('a', 'i', 'e') and relkind = 'S')
    union all select format('alter routine %s owner to ${name}', p.oid::regprocedure) from pg_proc p
      where pronamespace in (select oid from pg_namespace where nspname in ('public', 'graphile_worker'))
        and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    union all select format('alter type %s owner to ${name}', t.oid::regtype) from pg_type t
      where typnamespace in (select oid from pg_namespace where nspname in ('public', 'graphile_worker'))
        and typtype in ('d', 'e', 'c') and (typrelid = 0 or exists (
          select from pg_class where oid = typrelid and relkind = 'c'))
  loop execute command; end loop;
end $$;`;

/** SQL that, run by a superuser in the database, gives the app a role that row security binds. */
export function rightRole({ role, freeName: name, database, bootstrap, hasPeople }: Role): string {
	const target = pg.escapeIdentifier(database);
	if (!bootstrap) {
		const bound = pg.escapeIdentifier(role);
		return `alter role ${bound} nosuperuser nobypassrls;\nalter database ${target} owner to ${bound};`;
	}
	return [
		`create role ${name} login password '…' nosuperuser nobypassrls;`,
		`alter database ${target} owner to ${name};`,
		...(hasPeople ? [handOver(name)] : [])
	].join('\n');
}
