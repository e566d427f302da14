-- Manifest records are kept in a short binary form; those that are here already stay readable, they begin with a brace.
alter table manifest_chunk alter column records type bytea using convert_to(records, 'UTF8');
-- Hashes don't compress: not trying saves the time.
alter table manifest_chunk alter column records set storage external;
-- Lines that were taken from a slow lease and given to others: results for them are no error, and don't count.
alter table lease add column withdrawn bigint[] not null default '{}';
-- Tables whose rows come and go all the time are cleaned as soon as it pays, whatever their size.
alter table manifest_chunk set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_insert_threshold = -1, autovacuum_vacuum_cost_delay = 0,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000, toast.autovacuum_vacuum_cost_delay = 0);
alter table lease set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
alter table returned_range set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
