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
