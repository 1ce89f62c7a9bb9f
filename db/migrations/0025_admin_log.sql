-- What those who run the service changed. It stands outside organisations; people and organisations are named by id
-- alone, and their names are looked up when somebody reads.
create table admin_log (
	id uuid primary key default gen_random_uuid(),
	at timestamptz(3) not null default now(),
	action text not null,
	actor_id uuid not null,
	session_handle uuid not null,
	target_kind text check (target_kind in ('user', 'org')),
	target_id uuid,
	-- Its name, where it is neither a person nor an organisation.
	target text,
	details jsonb not null default '{}',
	ip text,
	device text,
	request_id text not null,
	check ((target_kind is null) = (target_id is null))
);
create index on admin_log (at desc, id desc);
create index on admin_log (action, at desc, id desc);
create index on admin_log (actor_id, at desc, id desc);
create index on admin_log (target_id, at desc, id desc);

create trigger insert_only before update or delete or truncate on admin_log
	for each statement execute function refuse_rewriting();

-- The one way to change either log, as it was for the first.
create or replace function maintain_audit_log(retention_days double precision, erased_person uuid default null)
	returns bigint language plpgsql as $$
declare
	scope text := coalesce(current_setting('app.scope', true), '');
	oldest timestamptz := now() - make_interval(secs => retention_days * 86400);
	log text;
	has_work boolean;
	count bigint;
	dropped bigint := 0;
begin
	perform set_config('app.scope', 'system', true);
	foreach log in array array['admin_log', 'audit_log'] loop
		execute format('select exists (select from %1$I where at < $1) or exists (select from %1$I where actor_id = $2)', log)
			into has_work using oldest, erased_person;
		continue when not has_work;
		execute format('alter table %I disable trigger insert_only', log);
		execute format('delete from %I where at < $1', log) using oldest;
		get diagnostics count = row_count;
		dropped := dropped + count;
		execute format('update %I set ip = null, device = null where actor_id = $1', log) using erased_person;
		execute format('alter table %I enable trigger insert_only', log);
	end loop;
	perform set_config('app.scope', scope, true);
	return dropped;
end $$;
