-- What people allow a task while it runs; without a row it may take all there is.
create table task_limit (
  task_id          bigint primary key references download_task,
  max_leases       integer check (max_leases > 0),       -- held at the same time
  lines_per_second integer check (lines_per_second > 0),
  allowance        double precision not null default 0,  -- lines that might be handed out at refilled_at
  refilled_at      timestamptz not null default now(),
  check (max_leases is not null or lines_per_second is not null)
);

-- How many machines of a tag may hold leases at the same time; without a row all may.
create table tag_limit (
  tag          text primary key,
  max_machines integer not null check (max_machines > 0)
);

-- When the present lines of a lease were handed out: by it and the progress, slow leases are known.
alter table lease add column granted_at timestamptz not null default now();
