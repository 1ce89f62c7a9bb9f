-- A page of mails ends at a moment as JavaScript knows it: by microseconds, the next one missed those of the same.
alter table mail alter created_at type timestamptz(3);
