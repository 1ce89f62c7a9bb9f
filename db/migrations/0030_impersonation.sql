-- The operator's own session behind one in which they act as somebody else: however theirs ends, this one ends with it,
-- and there is one of it at a time.
alter table session
	add column impersonator_session_id text references session on delete cascade
	check (impersonator_session_id <> id);
create unique index on session (impersonator_session_id) where impersonator_session_id is not null;

-- Who acted for the person who did it; by id alone, as the person is named.
alter table audit_log add column impersonator_id uuid;
alter table account_event add column impersonator_id uuid;
