-- Locks what an organisation may spend, as of this moment: a month that has begun and a plan that has changed are
-- booked first. Where the plan sets no end, it grants whatever is wanted beyond what is left.
create function open_spend(org uuid, wanted bigint default 0) returns spend_balance language plpgsql as $$
declare
	balance spend_balance;
	most bigint;
	month timestamptz;
	grants bigint;
begin
	select coalesce((features ->> 'ai_tokens')::bigint, 0), month_since(subscribed_at, now()) into most, month
		from org as o where o.id = org;
	if not found then
		return null;
	end if;
	insert into spend_balance (org_id, period) values (org, month) on conflict do nothing;
	select * into balance from spend_balance where org_id = org for no key update;
	-- Forwards only: whoever waited for the lock may have begun before the month that is there by now.
	if month > balance.period then
		balance := row(org, month, 0, balance.credits, 0, 0, 0, 0);
	end if;
	grants := case
		when most < 0 then greatest(wanted - balance.allotment, 0)
		else greatest(most - balance.granted, -balance.allotment)
	end;
	if grants <> 0 then
		insert into spend_ledger (org_id, period, kind, bucket, amount, actor_kind, purpose)
			values (org, balance.period, 'allot', 'allotment', grants, 'system', 'plan');
		balance.allotment := balance.allotment + grants;
		balance.granted := balance.granted + grants;
		balance.warned := least(balance.warned, quota_level(balance.used, most));
	end if;
	update spend_balance
		set period = balance.period, allotment = balance.allotment, overage = balance.overage,
			granted = balance.granted, used = balance.used, warned = balance.warned
		where org_id = org;
	return balance;
end $$;

-- Tells the admins what share of the allotment is used, each once a month. Where a call was refused, what is left
-- serves nobody any more, and from 80 % on counts as nothing.
create function warn_of_spend(org uuid, was_refused boolean) returns void language plpgsql as $$
declare
	balance spend_balance;
	most bigint;
	level integer;
begin
	select coalesce((features ->> 'ai_tokens')::bigint, 0) into most from org as o where o.id = org;
	select * into balance from spend_balance where org_id = org;
	level := quota_level(balance.used, most);
	if was_refused and level = 80 then
		level := 100;
	end if;
	if balance.used > 0 and level > balance.warned then
		update spend_balance set warned = level where org_id = org;
		perform graphile_worker.add_job(
			'quota_warning',
			json_build_object('orgId', org, 'feature', 'ai_tokens', 'level', level, 'used', balance.used, 'most', most),
			max_attempts => 13
		);
	end if;
end $$;

-- Tokens and their cost by bucket, in the order in which buckets are emptied. The costs add up exactly.
create function by_bucket(allotment bigint, credits bigint, overage bigint, cost bigint)
	returns table (bucket text, amount bigint, cost bigint)
	language sql immutable parallel safe
begin atomic
	select part.bucket, part.amount,
		div(by_bucket.cost * part.upto, part.total)::bigint
			- div(by_bucket.cost * (part.upto - part.amount), part.total)::bigint
	from (
		select name, tokens, sum(tokens) over (order by nth), greatest(sum(tokens) over (), 1)
		from (values (1, 'allotment', allotment), (2, 'credits', credits), (3, 'overage', overage))
			as held (nth, name, tokens)
	) as part (bucket, amount, upto, total);
end;

-- Takes the worst case of a call: of the month's allotment, then of credits, then of overage, of which the month may
-- hold so much. Nothing, and nothing taken, where that is not enough.
create function reserve_spend(
	org uuid, wanted bigint, worst_cost bigint, overage_limit bigint,
	named text, what_for text, who text, who_id uuid
) returns uuid language plpgsql as $$
declare
	balance spend_balance := open_spend(org, wanted);
	from_allotment bigint := least(balance.allotment, wanted);
	from_credits bigint := least(balance.credits, wanted - from_allotment);
	from_overage bigint := wanted - from_allotment - from_credits;
	call uuid;
begin
	if balance.org_id is null then
		return null;
	end if;
	if from_overage > 0 and from_overage - balance.overage > overage_limit then
		perform warn_of_spend(org, true);
		return null;
	end if;
	update spend_balance
		set allotment = allotment - from_allotment, credits = credits - from_credits, overage = overage - from_overage
		where org_id = org;
	insert into spend_reservation
		(org_id, period, allotment, credits, overage, cost, model, purpose, actor_kind, actor_id)
		values (org, balance.period, from_allotment, from_credits, from_overage, worst_cost, named, what_for, who, who_id)
		returning id into call;
	insert into spend_ledger
		(org_id, period, kind, bucket, amount, cost, actor_kind, actor_id, purpose, model, reference)
		select org, balance.period, 'reserve', part.bucket, -part.amount, part.cost, who, who_id, what_for, named, call
		from by_bucket(from_allotment, from_credits, from_overage, worst_cost) as part
		where part.amount > 0;
	return call;
end $$;

-- Ends a call at what it used, or at its worst case where that is null, and gives the rest back, what was taken last
-- first; what others have given back meanwhile counts before overage does. Answers the tokens it cost; nothing when it
-- has ended already.
create function settle_spend(org uuid, call uuid, tokens bigint, price bigint, ending text) returns bigint
	language plpgsql as $$
declare
	balance spend_balance;
	held spend_reservation;
	taken bigint;
	spent bigint;
	spent_cost bigint;
	of_allotment bigint;
	of_credits bigint;
	of_overage bigint;
begin
	-- First the balance, as whoever reserves does, and then the call: in one order nobody waits in a circle.
	select * into balance from spend_balance where org_id = org for no key update;
	delete from spend_reservation where org_id = org and id = call returning * into held;
	if not found then
		return null;
	end if;
	taken := held.allotment + held.credits + held.overage;
	spent := least(coalesce(tokens, taken), taken);
	spent_cost := least(coalesce(price, held.cost), held.cost);
	of_allotment := least(
		spent, held.allotment + case when balance.period = held.period then balance.allotment else 0 end
	);
	of_credits := least(spent - of_allotment, held.credits + balance.credits);
	of_overage := spent - of_allotment - of_credits;
	insert into spend_ledger
		(org_id, period, kind, bucket, amount, cost, actor_kind, actor_id, purpose, model, reference)
		select org, held.period, ending, bucket, was.amount - part.amount, part.cost - was.cost,
			held.actor_kind, held.actor_id, held.purpose, held.model, held.id
		from by_bucket(held.allotment, held.credits, held.overage, held.cost) as was
			join by_bucket(of_allotment, of_credits, of_overage, spent_cost) as part using (bucket)
		where (was.amount, was.cost) <> (part.amount, part.cost);
	-- What a month that is over gets back stays in that month.
	update spend_balance
		set credits = credits + held.credits - of_credits,
			allotment = allotment + case when period = held.period then held.allotment - of_allotment else 0 end,
			overage = overage + case when period = held.period then held.overage - of_overage else 0 end,
			used = used + case when period = held.period then of_allotment else 0 end
		where org_id = org;
	perform warn_of_spend(org, false);
	return spent;
end $$;
