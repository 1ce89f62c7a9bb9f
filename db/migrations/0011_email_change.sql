-- A change of address that waits for its click in the new mailbox: of each person the newest. One to an address that
-- is taken waits just the same, without a link: whoever asked must see no difference.
create table email_change (
	user_id uuid primary key references "user" on delete cascade,
	id uuid not null unique default gen_random_uuid(),
	email text not null,
	token_hash text unique,
	-- Somebody else proved the address first: the link is dead, and says why.
	lost boolean not null default false,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '24 hours'
);
create index on email_change (email);
create index on email_change (expires_at);

-- A way back to an address that an account had, for whoever reads its mail. The id tells which came first.
create table email_undo (
	id bigint generated always as identity primary key,
	token_hash text not null unique,
	user_id uuid not null references "user" on delete cascade,
	email text not null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '24 hours'
);
create index on email_undo (user_id, id);
create index on email_undo (expires_at);
