-- What the pruning looks for, table by table.
create index on session (last_seen_at) where not remembered;
create index on invitation (expires_at);
create index on invitation_count (day);
create index on mail (sent_at);
create index on org_slug (expires_at);
