-- A way in through a provider. The provider's own name for the person is the key; the address is what it said then.
create table identity (
	provider text not null check (provider in ('google', 'github', 'oidc')),
	subject text not null,
	user_id uuid not null references "user" on delete cascade,
	email text not null,
	linked_at timestamptz not null default now(),
	primary key (provider, subject),
	unique (user_id, provider)
);

-- One visit to a provider, from leaving to coming back. A cookie of the browser that left goes with it.
create table oauth_flow (
	state_hash text primary key,
	browser_hash text not null,
	provider text not null check (provider in ('google', 'github', 'oidc')),
	intent text not null check (intent in ('sign_in', 'link', 'prove')),
	verifier text not null,
	nonce text not null,
	redirect_to text not null,
	-- Who began it: a Strict cookie does not come along on the way back.
	began_in text,
	created_at timestamptz not null default now(),
	expires_at timestamptz not null default now() + interval '10 minutes',
	used_at timestamptz,
	-- How it ended: where to, and in which session. The sealed token lets a doubled callback end in the same one.
	finished_at timestamptz,
	error text,
	session_id text,
	sealed_session bytea,
	-- An identity whose address has an account: it waits for the owner to sign in and say so.
	subject text,
	email text,
	picture text
);
create index on oauth_flow (browser_hash);
create index on oauth_flow (expires_at);

-- When the person behind a session last proved that it is them.
alter table session add column proven_at timestamptz not null default now();
