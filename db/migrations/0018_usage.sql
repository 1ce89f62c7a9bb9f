-- What was used of an organisation on a day (UTC), and by whom.
create table usage_day (
	org_id uuid not null references org on delete cascade,
	day date not null,
	measure text not null check (measure in ('calls', 'customers', 'ai_tokens')),
	actor_kind text not null check (actor_kind in ('user', 'key', 'system')),
	-- A person, or a key; people and keys that are gone keep what they used.
	actor_id uuid,
	used bigint not null check (used > 0),
	-- Begins with all that a look at an organisation names, at ninety days of it as well as at one.
	unique nulls not distinct (org_id, day, measure, actor_kind, actor_id)
);
-- Of all organisations, by whoever runs the service.
create index on usage_day (day);
alter table usage_day enable row level security;
alter table usage_day force row level security;
create policy own_organization on usage_day
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

-- Notes what somebody used today, in the transaction that uses it.
create function note_use(org uuid, what text, who text, who_id uuid, amount bigint) returns void language sql
begin atomic
	insert into usage_day as present (org_id, day, measure, actor_kind, actor_id, used)
	select org, (now() at time zone 'utc')::date, what, who, who_id, amount where amount > 0
	on conflict (org_id, day, measure, actor_kind, actor_id) do update set used = present.used + excluded.used;
end;

-- A call for tokens is noted as it ends, whoever ends it.
alter function settle_spend(uuid, uuid, bigint, bigint, text) rename to end_spend;
create function settle_spend(org uuid, call uuid, tokens bigint, price bigint, ending text) returns bigint
	language plpgsql as $$
declare
	held spend_reservation;
	spent bigint;
begin
	select * into held from spend_reservation where org_id = org and id = call;
	spent := end_spend(org, call, tokens, price, ending);
	perform note_use(org, 'ai_tokens', held.actor_kind, held.actor_id, spent);
	return spent;
end $$;
