-- What was counted of a limit in its present window; the subject is a keyed hash of a person, an address or a browser.
-- Unlogged: no call waits for the disk, and a crash of the server only begins all windows anew.
create unlogged table rate_limit (
	name text not null,
	subject text not null,
	used integer not null check (used >= 0),
	resets_at timestamptz(3) not null,
	primary key (name, subject)
);
create index on rate_limit (resets_at);

-- Locks the row of each limit asked about, in one order, and begins its window anew where that is over.
create function open_windows(names text[], subjects text[], seconds double precision[]) returns void language sql
begin atomic
	insert into rate_limit as present (name, subject, used, resets_at)
	select asked.name, asked.subject, 0, now() + make_interval(secs => asked.seconds)
	from unnest(names, subjects, seconds) as asked (name, subject, seconds)
	order by asked.name, asked.subject
	on conflict (name, subject) do update set used = 0, resets_at = excluded.resets_at
		where present.resets_at <= now();
end;

-- Counts one in each of several limits, or in none where one of them is used up: those, or else all, are answered.
create function count_in(names text[], subjects text[], mosts integer[], seconds double precision[])
	returns table (name text, counted boolean, resets_at timestamptz, wait double precision) language plpgsql as $$
#variable_conflict use_column
begin
	perform open_windows(names, subjects, seconds);
	return query
		select name, false, resets_at, extract(epoch from resets_at - now())::double precision
		from rate_limit join unnest(names, subjects, mosts) as asked (name, subject, most) using (name, subject)
		where used >= most;
	if found then
		return;
	end if;
	return query
		update rate_limit as present set used = used + 1
		from unnest(names, subjects) as asked (name, subject)
		where present.name = asked.name and present.subject = asked.subject
		returning present.name, true, present.resets_at, 0::double precision;
end $$;

-- Takes a block of one limit for a process to spend by itself: a tenth of what is left, so that several processes
-- share the rest of it, and what one of them leaves unspent is little.
create function lease_from(of_name text, of_subject text, most integer, seconds double precision, block integer)
	returns table (granted integer, remaining integer, wait double precision) language plpgsql as $$
#variable_conflict use_column
declare
	present rate_limit;
begin
	perform open_windows(array[of_name], array[of_subject], array[seconds]);
	select * into strict present from rate_limit where name = of_name and subject = of_subject;
	remaining := greatest(most - present.used, 0);
	granted := least(remaining, block, greatest(remaining / 10, 1));
	remaining := remaining - granted;
	wait := extract(epoch from present.resets_at - now());
	if granted > 0 then
		update rate_limit set used = used + granted where name = of_name and subject = of_subject;
	end if;
	return next;
end $$;
