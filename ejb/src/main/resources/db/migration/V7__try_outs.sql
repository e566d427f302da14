-- A few lines of an index that one machine runs through a script, for people to look at the outcome.
create sequence try_out_seq;
create table try_out (
  id              bigint primary key,
  script_sha256   text        not null references script_version,
  machine_tag     text        not null,
  index_address   text        not null,
  estimated_lines bigint,
  submitter_id    bigint      not null references user_account,
  submitted_at    timestamptz not null,
  state           text        not null check (state in ('SUBMITTED', 'RUNNING', 'DONE')),
  expires_at      timestamptz not null,  -- nobody took it or told of it until then
  machine_id      bigint references machine,
  claims          integer     not null,
  started_at      timestamptz,
  finished_at     timestamptz
);
create index on try_out (machine_tag, id) where state = 'SUBMITTED';
create index on try_out (machine_id) where state = 'RUNNING';
create index on try_out (script_sha256, id);

create table try_out_line (
  try_out_id    bigint  not null references try_out on delete cascade,
  line          bigint  not null,
  text          bytea   not null,  -- UTF-8; may hold NUL
  millis        bigint,            -- null until it was tried
  path          text,
  bytes         bigint,
  failure_class text,
  message       text,
  output        text,
  primary key (try_out_id, line)
);
