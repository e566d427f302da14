-- Who else writes into a folder is asked for each task that is made, looked at or approved, and only those that go on matter: among
-- a hundred thousand that have ended they are few. Compared by bytes, so that what is below a folder is one range of the index.
alter table download_task alter column target_path type text collate "C";
create index download_task_unfinished on download_task (target_path)
  where state in ('CREATED', 'IN_PROGRESS', 'PAUSED', 'FAILED');

-- V13 took closed segments for those that have a part of a manifest. So has one that was opened again because a person had failures
-- tried again, and the records of its other lines are read back from there; how many there are is noted in a chunk without records.
create function pg_temp.opened_again(bigint) returns boolean language sql as
  $$ select exists (select from manifest_chunk where task_id = $1 and records = '' and line_count >= 0) $$;
create function pg_temp.closed(bigint) returns boolean language sql as
  $$ select exists (select from segment where task_id = $1 and closed) $$;
update download_task set manifest_folder = '_manifest'
where manifest_folder <> '_manifest' and pg_temp.opened_again(id) and not pg_temp.closed(id)
  and created_at < (select installed_on from flyway_schema_history where version = '13'); -- later ones wrote them where they are
-- Where a later task has parts in the usual folder, an earlier one that has none yet is the one to get its own.
update download_task as early set manifest_folder = '_manifest/task-' || early.id
where manifest_folder = '_manifest' and not pg_temp.opened_again(id) and not pg_temp.closed(id)
  and exists (select from download_task late where late.target_path = early.target_path and late.id > early.id
    and late.manifest_folder = '_manifest' and (pg_temp.opened_again(late.id) or pg_temp.closed(late.id)));
