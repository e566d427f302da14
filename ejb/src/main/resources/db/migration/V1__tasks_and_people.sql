create sequence user_account_seq increment by 1;
create table user_account (
  id            bigint primary key,
  version       bigint      not null,
  username      text        not null unique,
  display_name  text        not null,
  password_hash text        not null,
  admin         boolean     not null,
  active        boolean     not null,
  created_at    timestamptz not null
);

create sequence research_project_seq increment by 1;
create table research_project (
  id   bigint primary key,
  name text not null unique
);

create sequence machine_seq increment by 1;
create table machine (
  id         bigint primary key,
  version    bigint      not null,
  name       text        not null unique,
  tag        text        not null,
  token_hash text        not null unique,
  active     boolean     not null,
  created_at timestamptz not null
);

create table script_version (
  sha256     text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
  name       text        not null,
  source     text        not null,
  note       text,
  author_id  bigint      not null references user_account,
  created_at timestamptz not null
);

create sequence download_task_seq increment by 1;
create table download_task (
  id                   bigint primary key,
  version              bigint      not null,
  name                 text        not null,
  priority             smallint    not null check (priority between 0 and 2), -- ordinal of Priority: low, medium, high
  expected_delivery_at timestamptz not null,
  type                 text        not null,
  project_id           bigint references research_project,
  submitter_id         bigint      not null references user_account,
  receiver_id          bigint      not null references user_account check (receiver_id <> submitter_id),
  machine_tag          text        not null,
  index_address        text        not null,
  index_charset        text        not null,
  target_path          text        not null,
  purpose              text        not null,
  script_sha256        text        not null references script_version,
  overwrite            boolean     not null,
  state                text        not null,
  created_at           timestamptz not null,
  approved_at          timestamptz,
  finished_at          timestamptz
);
-- the order in which a tag's tasks are worked off
create index download_task_in_progress on download_task (machine_tag, priority desc, approved_at, id)
  where state = 'IN_PROGRESS';

create sequence state_transition_seq increment by 1;
create table state_transition (
  id               bigint primary key,
  task_id          bigint      not null references download_task,
  from_state       text,
  to_state         text        not null,
  actor_id         bigint references user_account, -- null: the system
  at               timestamptz not null,
  comment          text,
  reason_code      text,
  reason_arguments text
);
create index state_transition_task on state_transition (task_id, id);
