-- Who else writes into a folder is asked for each task that is made, looked at or approved, and only those that go on matter: among
-- a hundred thousand that have ended they are few. Compared by bytes, so that what is below a folder is one range of the index.
alter table download_task alter column target_path type text collate "C";
create index download_task_unfinished on download_task (target_path)
  where state in ('CREATED', 'IN_PROGRESS', 'PAUSED', 'FAILED');
