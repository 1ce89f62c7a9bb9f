-- When a person left, for now or for good: seen by nobody, until they sign in again.
alter table "user" add column deactivated_at timestamptz;
