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
