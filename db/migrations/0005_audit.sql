-- What happened in an organisation. Rows outlive it, so there is no foreign key; people are named by id alone,
-- and their names are looked up when somebody reads.
create table audit_log (
	id uuid primary key default gen_random_uuid(),
	org_id uuid not null,
	at timestamptz(3) not null default now(),
	action text not null,
	actor_kind text not null check (actor_kind in ('user', 'key', 'system')),
	actor_id uuid,
	session_handle uuid,
	-- What was acted on: its id, and its name where it is no person.
	target_id uuid,
	target text,
	details jsonb not null default '{}',
	ip text,
	device text,
	request_id text not null
);
create index on audit_log (org_id, at desc, id desc);
create index on audit_log (org_id, action, at desc, id desc);
create index on audit_log (org_id, actor_id, at desc, id desc);
create index on audit_log (at);
create index on audit_log (actor_id);

alter table audit_log enable row level security;
alter table audit_log force row level security;
create policy own_organization on audit_log
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

create function refuse_rewriting() returns trigger language plpgsql as $$
begin
	raise insufficient_privilege using message = 'The audit log is insert-only.';
end $$;
create trigger insert_only before update or delete or truncate on audit_log
	for each statement execute function refuse_rewriting();

-- The one way to change it: drops what is older than so many days, and of an erased person the address and device.
-- It lifts the trigger for itself, which DML cannot do; nobody writes meanwhile, so it looks first whether there is work.
create function maintain_audit_log(retention_days double precision, erased_person uuid default null) returns bigint
	language plpgsql as $$
declare
	scope text := coalesce(current_setting('app.scope', true), '');
	oldest timestamptz := now() - make_interval(secs => retention_days * 86400);
	dropped bigint := 0;
begin
	perform set_config('app.scope', 'system', true);
	if exists (select from audit_log where at < oldest)
		or exists (select from audit_log where actor_id = erased_person) then
		alter table audit_log disable trigger insert_only;
		delete from audit_log where at < oldest;
		get diagnostics dropped = row_count;
		update audit_log set ip = null, device = null where actor_id = erased_person;
		alter table audit_log enable trigger insert_only;
	end if;
	perform set_config('app.scope', scope, true);
	return dropped;
end $$;

-- What happened to one's own account; nobody else's business, and gone with the person.
create table account_event (
	id uuid primary key default gen_random_uuid(),
	user_id uuid not null references "user" on delete cascade,
	at timestamptz(3) not null default now(),
	action text not null,
	details jsonb not null default '{}',
	ip text not null,
	device text not null,
	request_id text not null
);
create index on account_event (user_id, at desc, id desc);
create index on account_event (at);
