-- People. An account exists once its address is proven; until then a sign-up stands by itself.
create table "user" (
	id uuid primary key default gen_random_uuid(),
	email text not null unique,
	username text unique check (username ~ '^[a-z0-9_]{2,32}$'),
	first_name text,
	last_name text,
	avatar_url text,
	password_hash text,
	sys_admin boolean not null default false,
	email_verified_at timestamptz,
	suspended_at timestamptz,
	created_at timestamptz not null default now()
);

-- The key is the SHA-256 of the cookie's token; the handle names the session to its owner and opens nothing.
create table session (
	id text primary key,
	handle uuid not null unique default gen_random_uuid(),
	user_id uuid not null references "user" on delete cascade,
	remembered boolean not null,
	ip text not null,
	device text not null,
	created_at timestamptz not null default now(),
	last_seen_at timestamptz not null default now(),
	expires_at timestamptz not null
);
create index on session (user_id, last_seen_at);
create index on session (expires_at);

-- Several sign-ups of one address may wait side by side: whose it is, only its mailbox tells.
create table sign_up (
	id uuid primary key default gen_random_uuid(),
	email text not null,
	password_hash text not null,
	browser_hash text not null,
	token_hash text unique,
	username text,
	first_name text,
	last_name text,
	organization_name text,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null
);
create index on sign_up (email, created_at);
create index on sign_up (expires_at);

-- Links sent to a person; the row goes when the link is used or replaced.
create table token (
	hash text primary key,
	kind text not null check (kind in ('reset')),
	user_id uuid not null references "user" on delete cascade,
	email text not null,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null
);
create index on token (user_id, kind);
create index on token (expires_at);
