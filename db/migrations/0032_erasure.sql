-- Until when somebody who deleted their account may come back. Meanwhile nobody sees them, and nothing lets them in.
alter table "user"
	add column erase_after timestamptz,
	add check (erase_after is null or deactivated_at is not null);
create index on "user" (erase_after) where erase_after is not null;

-- The ways back. One outlives its person, without a name, to say that it came too late.
create table restoration (
	token_hash text primary key,
	user_id uuid references "user" on delete set null,
	expires_at timestamptz not null
);
create index on restoration (user_id);
create index on restoration (expires_at);

-- Addresses that accounts had before: what was sent there is the person's, too.
create table former_address (
	user_id uuid not null references "user" on delete cascade,
	email text not null,
	-- A millisecond more, for other tables round the same moment up to the next one.
	until timestamptz not null default now() + interval '1 millisecond'
);
create index on former_address (user_id);
create index on former_address (until);

create function keep_former_address() returns trigger language plpgsql as $$
begin
	insert into former_address (user_id, email) values (old.id, old.email);
	return null;
end $$;
create trigger keep_former_address after update of email on "user"
	for each row when (old.email <> new.email) execute function keep_former_address();

-- Usernames of erased people, as keyed hashes: nobody takes one while others may still think that it is theirs.
create table kept_name (
	hash text primary key,
	until timestamptz not null default now() + interval '90 days'
);
create index on kept_name (until);

-- Who was erased, by an id that leads nowhere. What the logs are still to be searched for is sealed, and goes with that.
create table erasure (
	user_id uuid primary key,
	begun_at timestamptz not null default now(),
	finished_at timestamptz,
	sealed_traces bytea,
	check ((finished_at is null) = (sealed_traces is not null))
);
create index on erasure (begun_at) where finished_at is null;

-- A mail that forgets its address once it went out, or was given up.
alter table mail add column forgets boolean not null default false;

-- What erasing looks for.
create index on oauth_flow (email) where email is not null;
create index on account_event (impersonator_id) where impersonator_id is not null;
create index on audit_log (impersonator_id) where impersonator_id is not null;
create index audit_log_invited on audit_log (target)
	where action in ('invitation.created', 'invitation.resent', 'invitation.revoked', 'invitation.accepted', 'invitation.declined');

-- The first of two ways to change a log: drops what is older than so many days. It lifts the trigger for itself, which
-- DML cannot do; nobody writes meanwhile, so it looks first whether there is work. To do it, it waits for whoever writes,
-- and others wait behind it: not for long, for it comes again.
drop function maintain_audit_log(double precision, uuid);
create function maintain_audit_log(retention_days double precision) returns bigint
	language plpgsql set lock_timeout = '5s' as $$
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
		execute format('select exists (select from %I where at < $1)', log) into has_work using oldest;
		continue when not has_work;
		execute format('alter table %I disable trigger insert_only', log);
		execute format('delete from %I where at < $1', log) using oldest;
		get diagnostics count = row_count;
		dropped := dropped + count;
		execute format('alter table %I enable trigger insert_only', log);
	end loop;
	perform set_config('app.scope', scope, true);
	return dropped;
end $$;

-- What is left of details: that there was a reason, and what is a number, or yes or no.
create function erased_details(details jsonb) returns jsonb
	language sql immutable parallel safe
	return (
		select coalesce(jsonb_object_agg(key, case key when 'reason' then '"(erased)"' else value end), '{}')
		from jsonb_each(details) where key = 'reason' or jsonb_typeof(value) in ('number', 'boolean')
	);

-- The other one: leaves of an erased person what nobody can be told by. `actors` are the person and the keys they made,
-- `emails` their addresses with the moments `untils` which they had them, `orgs` the organisations that went with them.
-- One log a call, and nothing else in its transaction: whoever writes into two of them would wait in a circle.
create function erase_from_log(log text, actors uuid[], emails text[], untils timestamptz[], orgs uuid[])
	returns void language plpgsql set lock_timeout = '5s' as $$
declare
	scope text := coalesce(current_setting('app.scope', true), '');
begin
	perform set_config('app.scope', 'system', true);
	execute format('alter table %I disable trigger insert_only', log);
	case log
		when 'audit_log' then
			update audit_log set ip = null, device = null
				where actor_id = any(actors) or impersonator_id = any(actors);
			update audit_log
				set target = null, ip = case when actor_id is not null then ip end,
					device = case when actor_id is not null then device end
				from unnest(emails, untils) as had (email, until)
				where target = email and at <= until and action in
					('invitation.created', 'invitation.resent', 'invitation.revoked', 'invitation.accepted', 'invitation.declined');
			update audit_log set target = null, actor_name = null, details = '{}', ip = null, device = null
				where org_id = any(orgs);
		when 'admin_log' then
			update admin_log set ip = null, device = null where actor_id = any(actors);
			update admin_log set target = null, details = erased_details(details) where target_id = any(actors || orgs);
		when 'spend_ledger' then
			update spend_ledger set purpose = 'grant' where org_id = any(orgs) and kind = 'grant';
	end case;
	execute format('alter table %I enable trigger insert_only', log);
	perform set_config('app.scope', scope, true);
end $$;
