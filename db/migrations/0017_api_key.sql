-- Programs that act in one organisation. A key decides which one, so it stands outside the wall of row security.
create table api_key (
	id uuid primary key default gen_random_uuid(),
	org_id uuid not null references org on delete cascade,
	-- Whose present standing bounds the key; null once they left, and the key is dead for good, even if they return.
	maker_id uuid,
	name text not null check (name <> ''),
	role text not null check (role in ('readonly', 'member')),
	-- What it may do of what its role may; null for all of that.
	permissions text[],
	-- Where it may be used from, in CIDR notation; null for anywhere.
	allowed_ips text[],
	rate_per_minute integer check (rate_per_minute > 0),
	monthly_calls integer check (monthly_calls > 0),
	created_at timestamptz(3) not null default now(),
	expires_at timestamptz(3),
	revoked_at timestamptz(3),
	last_used_at timestamptz(3),
	last_used_ip text,
	unique (org_id, id),
	foreign key (org_id, maker_id) references membership on delete set null (maker_id)
);
create index on api_key (org_id, created_at desc, id desc);
create index on api_key (org_id, maker_id);

-- The SHA-256 of each secret that opens a key: its present one, and for a while those it had before.
create table api_key_secret (
	hash text primary key,
	key_id uuid not null references api_key on delete cascade,
	prefix text not null,
	created_at timestamptz(3) not null default now(),
	expires_at timestamptz(3)
);
create unique index on api_key_secret (key_id) where expires_at is null;
create index on api_key_secret (key_id);
create index on api_key_secret (expires_at);

-- Live keys count against the standing quota: they take of it when made, and give back when revoked or deleted.
create function count_keys() returns trigger language plpgsql as $$
declare
	gained bigint := case when tg_op = 'DELETE' or new.revoked_at is not null then 0 else 1 end;
	lost bigint := case when tg_op = 'INSERT' or old.revoked_at is not null then 0 else 1 end;
	org uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
begin
	if gained <> lost and not use_quota(org, 'api_keys', '-infinity', gained - lost) then
		raise check_violation using
			message = 'over the quota of api_keys', constraint = 'quota_api_keys', detail = org;
	end if;
	return null;
end $$;
create trigger count_keys after insert or update of revoked_at or delete on api_key
	for each row execute function count_keys();

-- Calls of a key in its organisation's month that began at `since`.
create table api_key_month (
	key_id uuid primary key references api_key on delete cascade,
	since timestamptz(3) not null,
	used bigint not null default 0 check (used >= 0)
);

-- Takes calls for one process to make out of what a key and its organisation have left this month, of both or of
-- neither: few at once when little is left, so that several processes share it to the last one. No row where the key is
-- gone.
create function lease_calls(of_key uuid, block integer)
	returns table (
		granted integer, remaining bigint, month timestamptz, ends_at timestamptz, wait double precision, over_plan boolean
	) language plpgsql as $$
#variable_conflict use_column
declare
	in_org uuid;
	key_most bigint;
	org_most bigint;
	key_left bigint;
	org_left bigint;
begin
	-- An organisation that is being deleted is waited for, and goes only when this is written.
	select o.id, k.monthly_calls, coalesce((o.features ->> 'api_calls')::bigint, 0), month_since(o.subscribed_at, now())
		into in_org, key_most, org_most, month
		from api_key k join org o on o.id = k.org_id where k.id = of_key for key share of o;
	if not found then
		return;
	end if;
	select month_since(subscribed_at, month + interval '32 days') into ends_at from org where id = in_org;
	wait := extract(epoch from ends_at - now());
	insert into api_key_month as present (key_id, since) values (of_key, month)
		on conflict (key_id) do update set since = excluded.since, used = 0 where present.since < excluded.since;
	insert into quota_use (org_id, feature, since) values (in_org, 'api_calls', month) on conflict do nothing;
	select key_most - used into key_left from api_key_month where key_id = of_key for no key update;
	select case when org_most >= 0 then greatest(org_most - used, 0) end into org_left
		from quota_use where org_id = in_org and feature = 'api_calls' and since = month for no key update;
	-- `least` passes over what is null, which has no end.
	remaining := greatest(coalesce(least(key_left, org_left), 1000000000), 0);
	over_plan := coalesce(org_left = 0, false);
	granted := least(remaining, block, greatest(remaining / 50, 1));
	if granted > 0 and not use_quota(in_org, 'api_calls', month, granted) then
		over_plan := true;
		granted := 0;
		remaining := 0;
	end if;
	update api_key_month set used = used + granted where key_id = of_key;
	remaining := remaining - granted;
	return next;
end $$;

-- Gives back calls that were leased and not made, while the month they were leased in lasts.
create or replace function return_calls(of_key uuid, in_month timestamptz, calls integer) returns void language sql
begin atomic
	select org.id from api_key join org on org.id = org_id where api_key.id = of_key for key share of org;
	update api_key_month set used = used - calls where key_id = of_key and since = in_month;
	select use_quota(org_id, 'api_calls', in_month, -calls) from api_key where id = of_key;
end;

-- What a key did, by day (UTC) and procedure.
create table api_key_use (
	org_id uuid not null,
	key_id uuid not null,
	day date not null,
	procedure text not null,
	calls bigint not null default 0,
	refused bigint not null default 0,
	primary key (org_id, key_id, day, procedure),
	foreign key (org_id, key_id) references api_key (org_id, id) on delete cascade
);

create index on api_key_use (day);

-- Its last calls, one by one.
create table api_key_call (
	id uuid primary key default gen_random_uuid(),
	org_id uuid not null,
	key_id uuid not null,
	at timestamptz(3) not null,
	procedure text not null,
	ip text not null,
	-- "ok", or the reason why not.
	outcome text not null,
	foreign key (org_id, key_id) references api_key (org_id, id) on delete cascade
);
create index on api_key_call (org_id, key_id, at desc, id desc);

alter table api_key_use enable row level security;
alter table api_key_use force row level security;
create policy own_organization on api_key_use
	using (case when (select is_system()) then true else org_id = (select current_org()) end);
alter table api_key_call enable row level security;
alter table api_key_call force row level security;
create policy own_organization on api_key_call
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

-- Who acted, where that is no person whose name could be looked up: a key by the name it had.
alter table audit_log add column actor_name text;
