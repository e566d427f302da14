create table machine_status (
  machine_id      bigint primary key references machine,
  seen_at         timestamptz not null,
  address         text,
  condition       text        not null,
  reason          text,
  workers         integer     not null,
  busy_workers    integer     not null,
  free_disk_bytes bigint      not null,
  resident_bytes  bigint      not null,
  client_version  text
);
