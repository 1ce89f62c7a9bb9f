-- People as a service gets them: most of them plain, some of them not, in every order.
insert into "user" (email, username, first_name, last_name, created_at, last_seen_at, email_verified_at, suspended_at,
	deactivated_at, sys_admin)
select
	'person-' || n || '@example.com', case when n % 3 = 0 then 'user' || n end,
	(array['Ada', 'Bob', 'Cleo', 'Dora', 'Émile', 'Fatima'])[1 + n % 6], 'Last' || n % 5000,
	now() - n * interval '1 minute', case when n % 5 > 0 then now() - n * 7 % 100003 * interval '1 second' end,
	case when n % 50 > 0 then now() end, case when n % 200 = 1 then now() end, case when n % 333 = 0 then now() end,
	n % 20000 = 0
from generate_series(1, current_setting('bench.people')::int) as n;
