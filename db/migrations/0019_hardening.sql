-- Browsers that signed in to an account are known by a mark in a cookie of theirs. Whatever may have shut a thief out
-- begins another generation, and the marks of those before are worth nothing.
alter table "user" add column device_generation integer not null default 0;

-- Mail whose worker died on its last try is looked for among what is under way alone.
create index on mail (id) where sent_at is null and failed_at is null;
