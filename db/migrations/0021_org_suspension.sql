-- An organisation that the service has suspended opens for none of its people, and its keys are dead meanwhile.
alter table org add column suspended_at timestamptz(3);

-- The key of somebody who left is dead for good, so it stands for nothing in the quota either.
create function end_key() returns trigger language plpgsql as $$
begin
	new.revoked_at := coalesce(new.revoked_at, now());
	return new;
end $$;
create trigger end_key before update of maker_id on api_key
	for each row when (new.maker_id is null) execute function end_key();

-- Also after that trigger, whose column the statement does not name.
drop trigger count_keys on api_key;
create trigger count_keys after insert or update of revoked_at, maker_id or delete on api_key
	for each row execute function count_keys();
