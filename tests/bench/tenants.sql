-- As many customers as `bench.customers` says, half of them in the organisation "large"; 199 others share the rest.
select set_config('app.scope', 'system', false), set_config('work_mem', '256MB', false),
	set_config('maintenance_work_mem', '512MB', false), setseed(0.5);

-- As on the disks of today: otherwise a table of two pages is read whole rather than by its index.
do $$ begin execute format('alter database %I set random_page_cost = 1.1', current_database()); end $$;

insert into org (slug, name, tier)
	select case n when 1 then 'large' else 'org-' || n end, 'Organization ' || n, 'enterprise'
	from generate_series(1, 200) n;
create temp table tenant as select id, row_number() over (order by slug <> 'large', slug) as nth from org;

insert into "user" (email, first_name, last_name, email_verified_at)
	select 'person-' || n || '@example.com', 'Person', n::text, now() from generate_series(1, 20000) n;
insert into membership (org_id, user_id, role, created_at)
	select tenant.id, person.id, (array['org_admin', 'member', 'readonly'])[1 + person.n % 3], now() - person.n * interval '1 minute'
	from (select id, row_number() over (order by email) as n from "user") person
	join tenant on tenant.nth in (1 + person.n % 200, 1 + person.n % 7);
insert into invitation (org_id, email, role, token_hash, expires_at, created_at)
	select id, 'guest-' || m || '@example.com', 'member', gen_random_uuid(), now() + interval '7 days', now() - m * interval '1 minute'
	from tenant, generate_series(1, 100) m;
insert into invitation_count (org_id, asked) select id, 1 from tenant;
insert into org_slug (slug, org_id, expires_at)
	select 'old-' || nth || '-' || m, id, now() + interval '9 days' from tenant, generate_series(1, 20) m;
insert into audit_log (org_id, at, action, actor_kind, actor_id, request_id)
	select tenant.id, now() - m * interval '1 minute', (array['customer.created', 'customer.updated'])[1 + m % 2], 'user', person.id, 'bench'
	from generate_series(1, 200000) m
	join tenant on tenant.nth = case when m % 2 = 0 then 1 else 1 + m % 200 end
	join (select id, row_number() over () as n from "user") person on person.n = 1 + m % 20000;

-- Indexes are built faster than they are kept up to date, and so are foreign keys.
create temp table taken as select indexname as name, 'index ' as kind, indexdef as definition
	from pg_indexes where tablename = 'customer_word'
	union all select conname, 'constraint ', 'alter table customer_word add ' || pg_get_constraintdef(oid)
	from pg_constraint where conrelid = 'customer_word'::regclass and contype = 'f';
do $$ declare thing record; begin
	for thing in select * from taken loop
		execute case thing.kind when 'index ' then 'drop ' else 'alter table customer_word drop ' end || thing.kind || thing.name;
	end loop;
end $$;
alter table customer disable trigger index_inserted;

-- Three of five are people, by their names and with an address at one of two hosts, the older half at the first; the
-- others are companies with an address of their own.
insert into customer (org_id, name, email, phone, created_at)
select tenant.id,
	case when n % 5 < 3 then first || ' ' || last else company || ' ' || trade || ' ' || n end,
	case when n % 5 < 3 then lower(translate(first || '.' || last, 'ëéíüøö''', 'eeiuoo_')) || n
			|| case when n * 2 < size then '@alpha.example' else '@beta.example' end
		else 'info@' || lower(company || '-' || trade) || n || '.example' end,
	'+1 555 ' || lpad(n::text, 7, '0'),
	timestamptz '2024-01-01' + n * interval '1 minute'
from (
	select n, size, n % 2 = 0 as is_large,
		(string_to_array('Maria James Anna John Olivia Liam Emma Noah Sofia Lucas Mia Zoë Ada Grace Alan Edsger Barbara Ken '
			'Dennis Linus Margaret Tim Yuki Wei Fatima Omar Priya Raj Ivan Olga Pierre Chloé Søren Astrid Carlos Lucía Jürgen '
			'Heike Paolo Giulia Xavier Quinn Ursula Victor Walter Hanna Kofi Nia Björn Tariq', ' '))[1 + (49 * random() ^ 2)::int] as first,
		(string_to_array('Smith Müller Garcia Johnson Lovelace Hopper Turing Dijkstra Liskov Thompson Ritchie Torvalds '
			'Hamilton Lee Tanaka Chen Khan Hassan Patel Sharma Petrov Ivanova Dupont Martin Nielsen Larsson Sanchez Fernandez '
			'Schmidt Schneider Rossi Bianchi Xu Quist Ulrich Varga Weber Okafor Mensah Berg Zimmermann Young Young-Kim O''Brien '
			'Novak Kowalski Andersen Jensen Virtanen Silva', ' '))[1 + (49 * random() ^ 2)::int] as last,
		(string_to_array('Acme Zebra Northwind Contoso Initech Umbrella Stark Wayne Hooli Globex Vandelay Wonka Cyberdyne '
			'Tyrell Soylent Massive Oscorp Gringotts Duff Sirius', ' '))[1 + n * 7919 % 20] as company,
		(string_to_array('Logistics Foods Systems Partners Labs Media Energy Motors Health Studio', ' '))[1 + n * 104729 % 10] as trade
	from (select current_setting('bench.customers')::bigint as size) settings, generate_series(1, size) n
) made
join tenant on tenant.nth = case when is_large then 1 else 2 + made.n / 2 % 199 end;

insert into customer_word (org_id, customer_id, word, shared, search, email, created_at)
	select org_id, id, word, shared, search, email, created_at from customer, customer_words(search);
do $$ declare thing record; begin
	for thing in select * from taken order by kind desc loop
		execute thing.definition;
	end loop;
end $$;
alter table customer enable trigger index_inserted;
