-- The index file is the queue. Rows stand for segments of it, for leases that are held and for failures; never for lines as such.

-- How far the index of a task has been read, and what the reading is pinned to.
create table index_ingest (
  task_id       bigint primary key references download_task,
  state         text        not null check (state in ('NEW', 'READING', 'READ')),
  bucket        text,                                -- where the text is: the index itself, or its unpacked working copy
  key           text,
  etag          text,
  size          bigint,
  working_copy  boolean     not null default false,  -- true: bucket and key name a copy of ours, to be deleted when the task has ended
  position      bigint      not null default 0,      -- the byte after the last segment
  lines         bigint      not null default 0,
  segments      integer     not null default 0,
  claim         uuid,                                -- who is reading; a server whose claim has run out is replaced
  claimed_until timestamptz
);

-- About ten thousand lines of an index. "cursor" counts the lines that have been handed out at least once or walked over.
-- The state is derived, so that an update that doesn't change it stays off every index (a HOT update).
create table segment (
  task_id     bigint  not null references index_ingest,
  segment_no  integer not null,
  byte_offset bigint  not null,
  byte_length bigint  not null,
  first_line  bigint  not null,
  line_count  integer not null check (line_count > 0),
  cursor      integer not null default 0,
  returned    integer not null default 0 check (returned >= 0),
  leased      integer not null default 0 check (leased >= 0),
  waiting     integer not null default 0 check (waiting >= 0),
  succeeded   integer not null default 0 check (succeeded >= 0),
  failed      integer not null default 0 check (failed >= 0),
  skipped     integer not null default 0 check (skipped >= 0),
  bytes       bigint  not null default 0 check (bytes >= 0),
  closed      boolean not null default false,
  state       text    not null generated always as (
    case when closed then 'CLOSED'
         when succeeded + failed + skipped = line_count then 'SETTLED'
         when cursor = line_count then 'HANDED_OUT'
         else 'OPEN' end) stored,
  primary key (task_id, segment_no),
  constraint segment_ledger check (cursor = returned + leased + waiting + succeeded + failed + skipped),
  constraint segment_cursor check (cursor between 0 and line_count),
  constraint segment_closed check (not closed or succeeded + failed + skipped = line_count)
) with (fillfactor = 60);
create index segment_open on segment (task_id, segment_no) where state = 'OPEN';
create index segment_settled on segment (task_id, segment_no) where state = 'SETTLED';
create index segment_unclosed on segment (task_id) where not closed;

-- Lines of one segment in the hands of one worker. The row moves on in place with each settle; it is small in number and
-- updated all the time, so it has no index but its key.
create table lease (
  id              uuid primary key,
  sequence        bigint      not null,
  state           text        not null check (state in ('HELD', 'DONE', 'EXPIRED')),
  machine_id      bigint      not null,
  machine_name    text        not null,
  worker          text        not null,
  task_id         bigint      not null,
  segment_no      integer     not null,
  kind            text        not null check (kind in ('RANGE', 'RETRY')),
  lines           bigint[]    not null,
  losses          integer     not null, -- how often the range was lost before; 0 for a retry, whose lines keep their own
  expires_at      timestamptz not null, -- of a lease that is not held any more: when it ended
  progress        integer     not null default 0,
  progress_at     timestamptz not null,
  last_report     uuid,
  last_succeeded  integer     not null default 0,
  last_retrying   integer     not null default 0,
  last_failed     integer     not null default 0,
  last_given_back integer     not null default 0,
  check (state = 'HELD' or cardinality(lines) = 0)
) with (fillfactor = 50);

-- Lines that were handed out and came back untried, or whose worker was lost. None of them is blank.
create table returned_range (
  task_id    bigint  not null,
  segment_no integer not null,
  first_line bigint  not null,
  line_count integer not null check (line_count > 0),
  losses     integer not null,
  primary key (task_id, segment_no, first_line)
);

-- A line whose last attempt failed: waiting for its next, in work again, or failed for good.
create table failed_line (
  task_id    bigint      not null,
  line       bigint      not null,
  segment_no integer     not null,
  state      text        not null check (state in ('WAITING', 'LEASED', 'FAILED')),
  text       text,
  attempts   integer     not null,
  losses     integer     not null,
  due_at     timestamptz,
  lease_id   uuid,
  class      text        not null,
  message    text,
  output     text,
  machine    text,
  at         timestamptz not null,
  primary key (task_id, line),
  check (state <> 'WAITING' or due_at is not null),
  check (state <> 'LEASED' or lease_id is not null)
);
create index failed_line_due on failed_line (task_id, due_at) where state = 'WAITING';
create index failed_line_due_in_segment on failed_line (task_id, segment_no, due_at) where state = 'WAITING';
create index failed_line_class on failed_line (task_id, class, line);

-- Failures by class, kept and not counted; a row a segment, so that settles of different segments never wait for each other.
create table failure_count (
  task_id    bigint  not null,
  segment_no integer not null,
  class      text    not null,
  pending    integer not null check (pending >= 0), -- waiting or in work again
  failed     integer not null check (failed >= 0),  -- for good
  primary key (task_id, segment_no, class)
);

-- Manifest records of segments that are still open: a JSON object a line, a row a settle.
create table manifest_chunk (
  task_id    bigint  not null,
  segment_no integer not null,
  id         bigint  not null generated always as identity,
  line_count integer not null,
  records    text    not null,
  primary key (task_id, segment_no, id)
);
