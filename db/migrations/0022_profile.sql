-- The zone that a person reads times in; UTC where none is chosen.
alter table "user" add column time_zone text;

-- Pictures as they are served. Their address is that of "user".avatar_url, and nobody guesses the name in it.
create table avatar (
	user_id uuid primary key references "user" on delete cascade,
	name text not null unique,
	picture bytea not null
);
