-- The packages that scripts require beside those that clients have: one row a text, resolved once by some machine to
-- pinned pure wheels.
create table requirement_set (
  sha256           text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  text             text        not null,
  state            text        not null check (state in ('WAITING', 'RESOLVING', 'READY', 'REFUSED')),
  due_at           timestamptz not null,  -- from then on a machine may take it
  machine_id       bigint references machine,
  claims           integer     not null,
  started_at       timestamptz,
  resolved_at      timestamptz,
  reason_code      text,
  reason_arguments text
);
create index on requirement_set (due_at) where state in ('WAITING', 'RESOLVING');
create index on requirement_set (machine_id) where state = 'RESOLVING';

create table requirement_pin (
  requirements_sha256 text not null references requirement_set,
  name                text not null,
  version             text not null,
  sha256              text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  modules             text not null,  -- what can be imported of it, separated by spaces
  primary key (requirements_sha256, name)
);

-- a version's own sha256 covers both texts
alter table script_version add requirements_sha256 text references requirement_set;
