-- How a task wants its script run where that is not the usual way.
alter table download_task add column allowed_hosts text;  -- separated by spaces; null: any public one
alter table download_task add column java_wire boolean not null default true;

alter table try_out add column allowed_hosts text;
alter table try_out add column java_wire boolean not null default true;
