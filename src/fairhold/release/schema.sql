-- tables of release
create schema if not exists totals;
grant create on schema totals to fairhold_totals;

create or replace function totals.safe(n bigint) returns bigint language sql immutable parallel safe as
$$ select case when n between 1 and 7 then null else (n + 2) / 5 * 5 end $$;
