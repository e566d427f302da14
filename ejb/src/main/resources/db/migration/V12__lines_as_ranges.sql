-- The lines of a lease are neighbours but for blank ones, so ranges say it in a few bytes. As an array, a lease of a thousand
-- lines had eight kilobytes that were written anew with each report.
create function pg_temp.ranges(bigint[]) returns int8multirange language sql as
  $$ select coalesce(range_agg(int8range(line, line, '[]')), '{}') from unnest($1) as line $$;
alter table lease drop constraint lease_check;
alter table lease alter column withdrawn drop default;
alter table lease alter column lines type int8multirange using pg_temp.ranges(lines),
  alter column withdrawn type int8multirange using pg_temp.ranges(withdrawn);
alter table lease alter column withdrawn set default '{}';
alter table lease add constraint lease_lines check (state = 'HELD' or isempty(lines));

create function line_count(int8multirange) returns bigint language sql immutable strict parallel safe
  return (select coalesce(sum(upper(range) - lower(range)), 0) from unnest($1) as range);
