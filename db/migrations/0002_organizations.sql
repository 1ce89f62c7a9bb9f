create table org (
	id uuid primary key default gen_random_uuid(),
	slug text not null unique check (slug ~ '^[a-z0-9-]{2,40}$'),
	name text not null,
	created_at timestamptz not null default now()
);

create table membership (
	org_id uuid not null references org on delete cascade,
	user_id uuid not null references "user" on delete cascade,
	role text not null check (role in ('readonly', 'member', 'org_admin')),
	created_at timestamptz not null default now(),
	primary key (org_id, user_id)
);
create index on membership (user_id);

-- The organisation this transaction has entered. Row security of every table with an organisation's data asks it.
create function current_org() returns uuid
	language sql stable
	return nullif(current_setting('app.org_id', true), '')::uuid;
