-- Why an organisation was suspended, for those to read who run the service.
alter table org
	add column suspension_reason text,
	add check (suspended_at is not null or suspension_reason is null);

-- What the console lists and looks for: by bytes, so that the beginning of a name or a slug is a range of an index.
create index on org (lower(name) collate "C", id);
create index on org (slug collate "C");
create index on org (created_at, id);
create index on org (tier);
alter table org alter created_at type timestamptz(3);
