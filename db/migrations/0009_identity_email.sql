-- Nothing where the provider vouched for no address: whoever connects one while signed in needs none.
alter table identity alter column email drop not null;

-- Nothing is ever kept in it.
alter table oauth_flow drop column picture;

-- What a flow keeps of a person is forgotten soon; these find what still holds some.
create index on oauth_flow (finished_at) where sealed_session is not null;
create index on oauth_flow (expires_at) where subject is not null;
