-- A page of mails ends at a moment as JavaScript knows it: by microseconds, the next one missed those of the same.
alter table mail alter created_at type timestamptz(3);

-- The list of mail, newest first: all of it, what waits, what failed, and what went to an address.
create index on mail (created_at, id);
drop index mail_created_at_idx;
create index on mail (created_at, id) where sent_at is null and failed_at is null;
create index on mail (created_at, id) where failed_at is not null;
create index on mail ("to" text_pattern_ops, created_at, id);
