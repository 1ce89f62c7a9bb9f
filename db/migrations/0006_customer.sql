-- Text as it is searched and sorted by: lower case, with a line break before each word, so that whoever looks for the
-- beginning of a word looks for a line break and that beginning. ICU knows every script, whatever the database's locale.
create function search_key(text text) returns text
	language sql immutable parallel safe
	return regexp_replace(
		lower(normalize(text, nfkc) collate "und-x-icu"), '[[:alnum:]]+|(?<![^[:space:]])[^[:space:]]', E'\n\\&', 'g'
	) collate "C";

create table customer (
	id uuid primary key default gen_random_uuid(),
	org_id uuid not null references org on delete cascade,
	name text not null check (char_length(name) between 1 and 200),
	email text collate "C" not null check (char_length(email) <= 254),
	phone text,
	notes text,
	created_at timestamptz(3) not null default now(),
	-- Sorts by name, then by address. Cut, for an index takes at most 2,700 bytes of a row.
	search text collate "C" not null generated always as
		(left(search_key(name), 240) || E'\t' || left(search_key(email), 240)) stored,
	unique (org_id, id),
	unique (org_id, email)
);
create index on customer (org_id, search, id);
create index on customer (org_id, created_at, id);

alter table customer enable row level security;
alter table customer force row level security;
create policy own_organization on customer
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

-- Each word that a customer is found by, with all that results are sorted and sifted by: a search reads one index.
create table customer_word (
	org_id uuid not null,
	customer_id uuid not null,
	word text collate "C" not null,
	-- How long a beginning it has in common with the customer's word before it: longer ones are met here first.
	shared integer not null,
	initials text collate "C" not null generated always as (left(word, 3)) stored,
	search text collate "C" not null,
	email text collate "C" not null,
	created_at timestamptz(3) not null,
	foreign key (org_id, customer_id) references customer (org_id, id) on delete cascade
);
create index on customer_word (org_id, customer_id);
-- What some customers have is collected from here, and sorted then;
create index customer_word_collect on customer_word (org_id, word)
	include (shared, customer_id, search, email, created_at);
-- what many have is soon met on a walk along all who have its initials, in the order that is asked for.
create index customer_word_walk_name on customer_word (org_id, initials, search, customer_id)
	include (shared) where shared < 3;
create index customer_word_walk_email on customer_word (org_id, initials, email, customer_id)
	include (shared, search) where shared < 3;
create index customer_word_walk_created_at on customer_word (org_id, initials, created_at, customer_id)
	include (shared, search) where shared < 3;

alter table customer_word enable row level security;
alter table customer_word force row level security;
create policy own_organization on customer_word
	using (case when (select is_system()) then true else org_id = (select current_org()) end);

-- The words of a search text. Of one with signs in it also what follows them ("jean-luc", "luc"), and none with which
-- another one begins.
create function customer_words(search text) returns table (word text, shared integer)
	language sql immutable parallel safe
begin atomic
	select word, (
		select count(*)::integer from generate_series(1, length(before)) as n
		where left(before, n) = left(word, n)
	)
	from (
		select word, lag(word) over (order by word) as before
		from (
			select word, lead(word) over (order by word) as next
			from (
				select distinct left(E'\n' || array_to_string(parts[nth:], E'\n'), 64) collate "C" as word
				from unnest(string_to_array(translate(search, E'\t', ' '), ' ')) as token,
					string_to_array(token, E'\n') as parts,
					generate_series(2, cardinality(parts)) as nth
			) as found
		) as ordered
		where next is null or not starts_with(next, word)
	) as kept;
end;

create function index_customers() returns trigger language plpgsql as $$
begin
	-- Must not read customer_word: a plan made when it was small would read all of it for each row of an import.
	if tg_op = 'INSERT' then
		insert into customer_word (org_id, customer_id, word, shared, search, email, created_at)
			select org_id, id, word, shared, search, email, created_at
			from new_rows, customer_words(search);
		return null;
	end if;
	delete from customer_word using old_rows join new_rows using (org_id, id)
		where customer_word.org_id = old_rows.org_id and customer_word.customer_id = old_rows.id
			and (new_rows.search, new_rows.email) <> (old_rows.search, old_rows.email);
	insert into customer_word (org_id, customer_id, word, shared, search, email, created_at)
		select org_id, id, word, shared, new_rows.search, new_rows.email, new_rows.created_at
		from new_rows join old_rows using (org_id, id), customer_words(new_rows.search)
		where (new_rows.search, new_rows.email) <> (old_rows.search, old_rows.email);
	return null;
end $$;
create trigger index_inserted after insert on customer
	referencing new table as new_rows
	for each statement execute function index_customers();
create trigger index_updated after update on customer
	referencing old table as old_rows new table as new_rows
	for each statement execute function index_customers();
