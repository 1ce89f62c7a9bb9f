-- System work that crosses organisations (the console, jobs, a dump) says so, and sees the rows of all.
create function is_system() returns boolean
	language sql stable
	return coalesce(current_setting('app.scope', true), '') = 'system';

alter table org add check (name <> '');

-- Whose quota an organisation counts against.
alter table org add column created_by uuid references "user" on delete set null;
create index on org (created_by);

-- Every slug that leads to an organisation: its present one, and for 90 days those it had before.
create table org_slug (
	slug text primary key,
	org_id uuid not null references org on delete cascade,
	expires_at timestamptz
);
create index on org_slug (org_id);
insert into org_slug (slug, org_id) select slug, id from org;

create function claim_slug() returns trigger language plpgsql as $$
begin
	insert into org_slug (slug, org_id) values (new.slug, new.id)
	on conflict (slug) do update set org_id = new.id, expires_at = null
		where org_slug.org_id = new.id or org_slug.expires_at <= now();
	if not found then
		raise unique_violation using message = 'slug is taken', constraint = 'org_slug_key';
	end if;
	update org_slug set expires_at = now() + interval '90 days'
		where org_id = new.id and slug <> new.slug and expires_at is null;
	return null;
end $$;
create trigger claim_slug after insert or update of slug on org
	for each row execute function claim_slug();

-- Milliseconds, as a page's cursor can carry them.
alter table membership alter created_at type timestamptz(3);
create index on membership (org_id, created_at, user_id);

-- The wall behind the lock that services take: locking here too lets two removals at once see each other.
create function keep_an_admin() returns trigger language plpgsql as $$
begin
	perform from org where id = old.org_id for no key update;
	if found and not exists (select from membership where org_id = old.org_id and role = 'org_admin') then
		raise check_violation using
			message = 'an organization keeps at least one org_admin', constraint = 'membership_keeps_an_admin';
	end if;
	return null;
end $$;
create constraint trigger membership_keeps_an_admin after update of role or delete on membership
	for each row when (old.role = 'org_admin') execute function keep_an_admin();

-- An invitation is there while it can be answered or sent again: accepted, declined and revoked ones are gone.
create table invitation (
	id uuid primary key default gen_random_uuid(),
	org_id uuid not null references org on delete cascade,
	email text not null,
	role text not null check (role in ('readonly', 'member', 'org_admin')),
	token_hash text not null unique,
	invited_by uuid references "user" on delete set null,
	-- Sent by a sys_admin, who makes admins and nothing less: it raises a member, too.
	by_service boolean not null default false check (not by_service or role = 'org_admin'),
	created_at timestamptz(3) not null default now(),
	expires_at timestamptz not null,
	unique (org_id, email)
);
create index on invitation (org_id, created_at, id);
create index on invitation (email);
create index on invitation (invited_by);

-- Invitation mails that an organisation asked for on the last day (UTC) it asked for any.
create table invitation_count (
	org_id uuid primary key references org on delete cascade,
	day date not null default (now() at time zone 'utc')::date,
	asked integer not null
);
