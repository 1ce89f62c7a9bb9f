-- What people, organisations and whoever runs the service have chosen, as JSON of the type that lib/settings.ts gives
-- each key. What nobody chose has no row: its default stands in the code.
create table user_setting (
	user_id uuid not null references "user" on delete cascade,
	key text not null,
	value jsonb not null,
	primary key (user_id, key)
);

create table org_setting (
	org_id uuid not null references org on delete cascade,
	key text not null,
	value jsonb not null,
	primary key (org_id, key)
);
alter table org_setting enable row level security;
alter table org_setting force row level security;
create policy own_organization on org_setting
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

create table system_setting (
	key text primary key,
	value jsonb not null
);

-- Micro-dollars for a million tokens that a model reads, and writes. "*" is for models that have no row.
create table token_price (
	model text primary key,
	input bigint not null check (input >= 0),
	output bigint not null check (output >= 0)
);
insert into token_price (model, input, output) values
	('*', 2500000, 10000000),
	('offline', 0, 0),
	('gpt-4o', 2500000, 10000000),
	('gpt-4o-mini', 150000, 600000),
	('gpt-4.1', 2000000, 8000000),
	('gpt-4.1-mini', 400000, 1600000),
	('gpt-4.1-nano', 100000, 400000);

create function token_cost(named text, tokens_in bigint, tokens_out bigint) returns bigint
	language sql stable
begin atomic
	select ceil((tokens_in::numeric * input + tokens_out::numeric * output) / 1000000)::bigint
	from token_price
	where model in (named, '*')
	order by model = '*'
	limit 1;
end;

-- What an organisation may still spend, in tokens. Each figure is the sum of its movements in the ledger: of the
-- allotment and of overage those of the period, of credits all.
create table spend_balance (
	org_id uuid primary key references org on delete cascade,
	-- When the month began that allotment and overage are of.
	period timestamptz(3) not null,
	allotment bigint not null default 0 check (allotment >= 0),
	credits bigint not null default 0 check (credits >= 0),
	-- Below zero by what was spent beyond the other two.
	overage bigint not null default 0 check (overage <= 0),
	-- What the plan has granted of the allotment, and what finished calls have used of it.
	granted bigint not null default 0,
	used bigint not null default 0,
	-- The share of the allotment, in percent, that the admins were last told of.
	warned integer not null default 0
);
alter table spend_balance enable row level security;
alter table spend_balance force row level security;
create policy own_organization on spend_balance
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

-- What calls under way have taken: their worst case, of each bucket. A call that ends deletes its row.
create table spend_reservation (
	id uuid primary key default gen_random_uuid(),
	org_id uuid not null references org on delete cascade,
	at timestamptz not null default now(),
	period timestamptz(3) not null,
	allotment bigint not null,
	credits bigint not null,
	overage bigint not null,
	cost bigint not null,
	model text not null,
	purpose text not null,
	actor_kind text not null check (actor_kind in ('user', 'key', 'system')),
	actor_id uuid
);
create index on spend_reservation (org_id);
create index on spend_reservation (at);
alter table spend_reservation enable row level security;
alter table spend_reservation force row level security;
create policy own_organization on spend_reservation
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

-- Every movement. Rows outlive the organisation, so there is no foreign key; people are named by id alone.
create table spend_ledger (
	id uuid primary key default gen_random_uuid(),
	org_id uuid not null,
	at timestamptz(3) not null default clock_timestamp(),
	period timestamptz(3) not null,
	-- allot: the plan's, at the month's beginning or when it changes; grant: bought or given credits; reserve: a call's
	-- worst case; settle: what the call gives back of it, to cost and tokens; abandon: the same for a call that was lost.
	kind text not null check (kind in ('allot', 'grant', 'reserve', 'settle', 'abandon')),
	bucket text not null check (bucket in ('allotment', 'credits', 'overage')),
	-- In tokens; below zero is taken.
	amount bigint not null,
	-- In micro-dollars; below zero is not spent after all.
	cost bigint not null default 0,
	actor_kind text not null check (actor_kind in ('user', 'key', 'system')),
	actor_id uuid,
	-- The procedure that was called, or why there is a grant; the model; and the call, or the payment.
	purpose text not null,
	model text,
	reference text
);
create index on spend_ledger (org_id, at desc, id desc);
-- A payment counts once, whomever it is for.
create unique index spend_ledger_payment on spend_ledger (reference) where kind = 'grant';
alter table spend_ledger enable row level security;
alter table spend_ledger force row level security;
create policy own_organization on spend_ledger
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

create or replace function refuse_rewriting() returns trigger language plpgsql as $$
begin
	raise insufficient_privilege using message = 'The ' || replace(tg_table_name, '_', ' ') || ' is insert-only.';
end $$;
create trigger insert_only before update or delete or truncate on spend_ledger
	for each statement execute function refuse_rewriting();
