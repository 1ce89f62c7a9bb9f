-- Which of several limits are used up at this moment.
create function used_up(names text[], subjects text[], mosts integer[])
	returns table (name text, counted boolean, resets_at timestamptz, wait double precision) language sql stable
begin atomic
	select name, false, resets_at, extract(epoch from resets_at - now())::double precision
	from rate_limit join unnest(names, subjects, mosts) as asked (name, subject, most) using (name, subject)
	where used >= most and resets_at > now();
end;

-- Locks the row of each limit asked about, in one order, and begins its window anew where that is over, or empty: the
-- wait for the end of a window that somebody's right password began would tell when they signed in.
create or replace function open_windows(names text[], subjects text[], seconds double precision[])
	returns void language sql
begin atomic
	insert into rate_limit as present (name, subject, used, resets_at)
	select asked.name, asked.subject, 0, now() + make_interval(secs => asked.seconds)
	from unnest(names, subjects, seconds) as asked (name, subject, seconds)
	order by asked.name, asked.subject
	on conflict (name, subject) do update set used = 0, resets_at = excluded.resets_at
		where present.resets_at <= now() or present.used = 0;
end;

-- Counts one in each of several limits, or in none where one of them is used up: those, or else all, are answered.
create or replace function count_in(names text[], subjects text[], mosts integer[], seconds double precision[])
	returns table (name text, counted boolean, resets_at timestamptz, wait double precision) language plpgsql as $$
#variable_conflict use_column
begin
	-- Before anything is written: who is refused and goes on, with a name of its own at each call, fills no table.
	return query select * from used_up(names, subjects, mosts);
	if found then
		return;
	end if;
	perform open_windows(names, subjects, seconds);
	return query select * from used_up(names, subjects, mosts);
	if found then
		return;
	end if;
	return query
		update rate_limit as present set used = used + 1
		from unnest(names, subjects) as asked (name, subject)
		where present.name = asked.name and present.subject = asked.subject
		returning present.name, true, present.resets_at, 0::double precision;
end $$;
