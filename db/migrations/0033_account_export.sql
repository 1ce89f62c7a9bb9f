-- A copy of what is held of a person, while it is made and for a day: of each person the newest.
create table account_export (
	user_id uuid primary key references "user" on delete cascade,
	id uuid not null unique default gen_random_uuid(),
	token_hash text unique,
	-- Whoever is taken for dead, and is not, goes on with a copy of its own that nobody opens.
	attempt integer not null default 0,
	-- In percent.
	progress integer not null default 0 check (progress between 0 and 100),
	created_at timestamptz not null default now(),
	finished_at timestamptz,
	failed_at timestamptz,
	expires_at timestamptz not null default now() + interval '24 hours'
);
create index on account_export (expires_at);

create table account_export_piece (
	export_id uuid not null references account_export (id) on delete cascade,
	attempt integer not null,
	position integer not null,
	sealed bytea not null,
	primary key (export_id, attempt, position)
);
