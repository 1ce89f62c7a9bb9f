-- One row a mail, committed with what it tells; its job delivers it. The sealed props hold the link and go with it.
create table mail (
	id uuid primary key default gen_random_uuid(),
	"to" text not null,
	template text not null,
	sealed_props bytea,
	created_at timestamptz not null default now(),
	sent_at timestamptz,
	failed_at timestamptz,
	last_error text
);
create index on mail (created_at);

-- Development only: what was sent, as /dev/mail shows it.
create table dev_mail (
	id uuid primary key,
	"to" text not null,
	subject text not null,
	text text not null,
	html text not null,
	sent_at timestamptz not null default now()
);
create index on dev_mail ("to", sent_at);
create index on dev_mail (sent_at);
