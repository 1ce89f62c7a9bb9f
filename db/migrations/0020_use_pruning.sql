-- What the pruning looks for: months of use that are over.
create index on quota_use (since) where since > '-infinity';
