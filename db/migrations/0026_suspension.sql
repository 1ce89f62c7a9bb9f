-- A suspension may have an end, at which it lifts by itself. Why it came is for those to read who run the service.
alter table "user"
	add column suspended_until timestamptz(3),
	add column suspension_reason text,
	add check (suspended_at is not null or (suspended_until is null and suspension_reason is null));

-- Whoever asks whether somebody may act asks this, and not the columns.
create function is_suspended(person "user") returns boolean
	language sql stable parallel safe
	return person.suspended_at is not null
		and (person.suspended_until is null or person.suspended_until > now());

-- Enters the organisation of a slug by a key of its own, as far as it and whoever made it stand at this moment. Every
-- call of a program asks this: in a function, it is planned once a connection, and not each time.
create function enter_by_key(of_key uuid, of_slug text)
	returns table (
		id uuid, slug text, name text, created_at timestamptz, tier text, features jsonb, is_suspended boolean, role text,
		key_role text, permissions text[], entered text
	) language plpgsql as $$
begin
	return query
		select o.id, o.slug, o.name, o.created_at, o.tier, o.features, o.suspended_at is not null, m.role, k.role,
			k.permissions, set_config('app.org_id', o.id::text, true)
		from api_key k
		join org o on o.id = k.org_id
		join membership m on m.org_id = k.org_id and m.user_id = k.maker_id
		join "user" u on u.id = m.user_id
		where k.id = of_key and o.slug = of_slug and k.revoked_at is null
			and (k.expires_at is null or k.expires_at > now()) and not is_suspended(u)
			and u.deactivated_at is null;
end $$;

-- When a person last did something, in whatever session; null for those who never did.
alter table "user" add column last_seen_at timestamptz(3);
update "user" set last_seen_at = (select max(last_seen_at) from session where user_id = "user".id);
