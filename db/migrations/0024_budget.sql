-- The share of a quota that the admins were told of, and the quota that it is a share of. What of a month is given back
-- and taken again is told once; where the plan has changed, the share is reckoned anew.
alter table quota_use
	add column warned integer not null default 0,
	add column warned_of bigint not null default 0;
update quota_use set warned = quota_level(used, most), warned_of = most
	from (
		select org.id, grants.feature, grants.value::text::bigint as most
		from org, jsonb_each(features) as grants (feature, value) where jsonb_typeof(value) = 'number'
	) as granted
	where granted.id = org_id and granted.feature = quota_use.feature;

-- Takes from a quota, or gives back what is negative. False, and nothing taken, where too little is left.
create or replace function use_quota(org uuid, quota text, month timestamptz, amount bigint) returns boolean
	language plpgsql as $$
declare
	most bigint;
	present quota_use;
	told integer;
	level integer;
begin
	select coalesce((features ->> quota)::bigint, 0) into most from org as o where o.id = org;
	if not found then
		return amount <= 0;
	end if;
	insert into quota_use (org_id, feature, since) values (org, quota, month) on conflict do nothing;
	update quota_use set used = used + amount
		where org_id = org and feature = quota and since = month and (amount <= 0 or most < 0 or used + amount <= most)
		returning * into present;
	if not found then
		return false;
	end if;
	level := quota_level(present.used, most);
	told := case
		when present.warned_of = most then present.warned
		else least(present.warned, quota_level(present.used - amount, most))
	end;
	if amount > 0 and level > told then
		perform graphile_worker.add_job(
			'quota_warning',
			json_build_object('orgId', org, 'feature', quota, 'level', level, 'used', present.used, 'most', most),
			max_attempts => 13
		);
	end if;
	-- A month's share never falls: leases come and go. A standing quota's does.
	if month > '-infinity' then
		level := greatest(level, told);
	end if;
	if (level, most) <> (present.warned, present.warned_of) then
		update quota_use set warned = level, warned_of = most
			where org_id = org and feature = quota and since = month;
	end if;
	return true;
end $$;

-- Takes calls for one process to make out of what a key and its organisation have left this month, of both or of
-- neither: few at once when little is left, so that several processes share it to the last one. No row where the key is
-- gone.
drop function lease_calls(uuid, integer);
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
