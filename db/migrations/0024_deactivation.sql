-- When a person left, for now or for good: seen by nobody, until they sign in again.
alter table "user" add column deactivated_at timestamptz;

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
			and (k.expires_at is null or k.expires_at > now()) and u.suspended_at is null
			and u.deactivated_at is null;
end $$;
