-- What people are found and sorted by: in lower case and by bytes, so that an index knows who begins with a text. ICU
-- knows every script, whatever the database's locale.
create function fold(text text) returns text
	language sql immutable parallel safe
	return left(lower(normalize(text, nfkc) collate "und-x-icu"), 240) collate "C";

alter table "user"
	-- Milliseconds, as a page's cursor can carry them.
	alter created_at type timestamptz(3),
	-- As somebody is called: by their names, else by their username, else by their address.
	add column search_name text collate "C" not null generated always as (
		fold(coalesce(nullif(trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), ''), username, email))
	) stored,
	add column search_last_name text collate "C" generated always as (fold(last_name)) stored;

create index user_by_name on "user" (search_name, id);
create index user_by_email on "user" (email collate "C", id);
create index user_by_created_at on "user" (created_at, id);
create index user_by_last_seen_at on "user" (coalesce(last_seen_at, '-infinity'), id);
create index user_by_last_name on "user" (search_last_name);
create index user_by_username on "user" (username collate "C");
-- Few people are any of these: they are collected here, and sorted then.
create index user_suspended on "user" (created_at, id) where suspended_at is not null;
create index user_deactivated on "user" (created_at, id) where deactivated_at is not null;
create index user_unverified on "user" (created_at, id) where email_verified_at is null;
create index user_sys_admin on "user" (created_at, id) where sys_admin;

-- The keys that somebody made, in whatever organisation.
create index on api_key (maker_id);
