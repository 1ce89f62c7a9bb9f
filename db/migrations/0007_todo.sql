-- A person's own data: no organisation, so no wall of one. Each statement names the person.
create table todo (
	id uuid primary key default gen_random_uuid(),
	user_id uuid not null references "user" on delete cascade,
	title text not null check (title <> ''),
	done boolean not null default false,
	created_at timestamptz(3) not null default now()
);
create index on todo (user_id, created_at desc, id desc);
