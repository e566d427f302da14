-- What a person wants to have tried again, kept until it is carried out, which is done a segment at a time.
create table failure_retry (
  id           bigint      primary key generated always as identity,
  task_id      bigint      not null references download_task,
  classes      text[]      not null,          -- failures of these classes …
  lines        bigint[],                      -- … of these lines alone, unless null …
  asked_at     timestamptz not null,          -- … that stood at that time
  done_segment integer     not null default 0 -- segments up to this one have been seen to
);

-- attempts and losses before a person had the line tried again; "attempts" and "losses" count from then on
alter table failed_line add column earlier integer not null default 0;

-- COPYING: the working copy of a packed index has to be made once more before lines can be read
alter table index_ingest drop constraint index_ingest_state_check;
alter table index_ingest add constraint index_ingest_state_check
  check (state in ('NEW', 'READING', 'READ', 'COPYING'));
-- of a packed index: what the working copy was made from
alter table index_ingest add column source_etag text;
