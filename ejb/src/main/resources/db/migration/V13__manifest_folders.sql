-- Where a task's manifest is, below its target path. Of tasks with one target path all but the first have a folder of their own, or
-- they would write over each other's parts. One that has written parts before this migration goes on where they are.
alter table download_task add column manifest_folder text not null default '_manifest';
update download_task as later set manifest_folder = '_manifest/task-' || later.id
where exists (select from download_task first where first.target_path = later.target_path and first.id < later.id)
  and not exists (select from segment s where s.task_id = later.id and s.closed);
create index download_task_target on download_task (target_path);
