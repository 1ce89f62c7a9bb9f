-- What of a day no other row tells: sign-ins that were refused. A day is one in UTC.
create table figure_day (
	day date primary key,
	refused bigint not null check (refused > 0)
);

-- A day's figures are read from what happened to accounts on it, without a look at the rows themselves.
create index on account_event (at, action, user_id);
drop index account_event_at_idx;
