-- What organisations may do, and how much of it. An organisation holds a copy: editing a tier changes nobody silently.
create table tier (
	key text primary key check (key ~ '^[a-z0-9_]{2,32}$'),
	title text not null check (title <> ''),
	position integer not null unique,
	-- A quota's number, -1 for as much as one likes, or whether a flag is on.
	features jsonb not null check (jsonb_typeof(features) = 'object'),
	-- Calls a minute, in all ("*") and of single procedures.
	limits jsonb not null check (jsonb_typeof(limits) = 'object')
);
insert into tier (key, title, position, features, limits) values
	('free', 'Free', 1,
		'{"members": 10, "api_keys": 5, "customers": 10000, "api_calls": 10000, "ai_tokens": 50000, "audit_export": false}',
		'{"*": 600, "customers.import": 5}'),
	('pro', 'Pro', 2,
		'{"members": 100, "api_keys": 50, "customers": 1000000, "api_calls": 1000000, "ai_tokens": 5000000, "audit_export": true}',
		'{"*": 1200, "customers.import": 20}'),
	('enterprise', 'Enterprise', 3,
		'{"members": -1, "api_keys": -1, "customers": -1, "api_calls": -1, "ai_tokens": 50000000, "audit_export": true}',
		'{"*": 6000, "customers.import": 60}');

alter table org
	add column tier text not null default 'free' references tier,
	add column features jsonb not null default '{}',
	add column limits jsonb not null default '{}',
	-- Months of use begin on its day.
	add column subscribed_at timestamptz(3) not null default now();
update org set features = tier.features, limits = tier.limits from tier where tier.key = org.tier;

create function copy_tier() returns trigger language plpgsql as $$
begin
	select features, limits into new.features, new.limits from tier where key = new.tier;
	return new;
end $$;
-- Whoever sets a tier, the same one included, takes it as it is at that moment.
create trigger copy_tier before insert or update of tier on org
	for each row execute function copy_tier();

-- When the month began that a moment is in, counted in UTC from an anchor: the 31st stays the 31st where a month has one.
create function month_since(anchor timestamptz, moment timestamptz) returns timestamptz
	language sql immutable parallel safe
begin atomic
	select coalesce(max(start) filter (where start <= moment), anchor)
	from (
		select (anchor at time zone 'utc' + make_interval(months => nth)) at time zone 'utc' as start
		from age(
				date_trunc('month', moment at time zone 'utc'), date_trunc('month', anchor at time zone 'utc')
			) as passed,
			cast(extract(year from passed) * 12 + extract(month from passed) as integer) as months,
			generate_series(greatest(months - 1, 0), months) as nth
	) as starts;
end;

-- How much of a quota is used; of a monthly one in the month that began at `since`.
create table quota_use (
	org_id uuid not null references org on delete cascade,
	feature text not null,
	since timestamptz(3) not null default '-infinity',
	used bigint not null default 0 check (used >= 0),
	primary key (org_id, feature, since)
);

-- The share of a quota, in percent, that its organisation's admins are told of.
create function quota_level(used bigint, most bigint) returns integer
	language sql immutable parallel safe
	return case when most < 0 then 0 when used >= most then 100 when used * 5 >= most * 4 then 80 else 0 end;

-- Takes from a quota, or gives back what is negative. False, and nothing taken, where too little is left.
create function use_quota(org uuid, quota text, month timestamptz, amount bigint) returns boolean
	language plpgsql as $$
declare
	most bigint;
	total bigint;
	level integer;
begin
	select coalesce((features ->> quota)::bigint, 0) into most from org as o where o.id = org;
	if not found then
		return amount <= 0;
	end if;
	insert into quota_use (org_id, feature, since) values (org, quota, month) on conflict do nothing;
	update quota_use set used = used + amount
		where org_id = org and feature = quota and since = month and (amount <= 0 or most < 0 or used + amount <= most)
		returning used into total;
	if not found then
		return false;
	end if;
	level := quota_level(total, most);
	if amount > 0 and level > quota_level(total - amount, most) then
		perform graphile_worker.add_job(
			'quota_warning',
			json_build_object('orgId', org, 'feature', quota, 'level', level, 'used', total, 'most', most),
			max_attempts => 13
		);
	end if;
	return true;
end $$;

-- Counts the rows of a table into the standing quota that the trigger names, whoever writes them.
create function count_rows() returns trigger language plpgsql as $$
declare
	quota text := tg_argv[0];
	changed record;
begin
	for changed in select org_id, count(*) as number from changed_rows group by org_id order by org_id loop
		if tg_op = 'DELETE' then
			perform use_quota(changed.org_id, quota, '-infinity', -changed.number);
		elsif not use_quota(changed.org_id, quota, '-infinity', changed.number) then
			raise check_violation using
				message = 'over the quota of ' || quota, constraint = 'quota_' || quota, detail = changed.org_id;
		end if;
	end loop;
	return null;
end $$;

insert into quota_use (org_id, feature, used) select org_id, 'members', count(*) from membership group by org_id;
create trigger count_members after insert on membership
	referencing new table as changed_rows for each statement execute function count_rows('members');
create trigger count_members_gone after delete on membership
	referencing old table as changed_rows for each statement execute function count_rows('members');
select set_config('app.scope', 'system', true);
insert into quota_use (org_id, feature, used) select org_id, 'customers', count(*) from customer group by org_id;
select set_config('app.scope', '', true);
create trigger count_customers after insert on customer
	referencing new table as changed_rows for each statement execute function count_rows('customers');
create trigger count_customers_gone after delete on customer
	referencing old table as changed_rows for each statement execute function count_rows('customers');
