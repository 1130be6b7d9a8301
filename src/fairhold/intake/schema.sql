-- tables of intake

-- One file as it came. A refused file leaves its hash, its reason and the event, never its bytes.
create table if not exists system.delivery (
    id bigint generated always as identity primary key,
    source_id bigint references system.source (id),
    kind text,
    element text,
    version text,
    sha256 text not null,
    size bigint not null,
    vault_file_id bigint,
    received_at timestamptz not null,
    received_by bigint not null,
    at timestamp,
    file_date date,
    year text,
    rows int not null default 0,
    facts int not null default 0,
    added int not null default 0,
    set_aside int not null default 0,
    unknown int not null default 0,
    state text not null check (state in ('stored', 'refused')),
    reason text,
    check (state = 'refused' or (source_id is not null and vault_file_id is not null and at is not null)),
    check (state = 'stored' or reason is not null)
);
create unique index if not exists delivery_once on system.delivery (sha256) where state = 'stored';
create index if not exists delivery_source on system.delivery (source_id, kind, element, year);

-- What is expected of a source, so that silence is noticed.
create table if not exists system.feed (
    id bigint generated always as identity primary key,
    source_id bigint not null references system.source (id),
    kind text not null,
    every_days int not null check (every_days > 0),
    grace_days int not null default 2 check (grace_days >= 0),
    since date not null,
    owner text not null,
    unique (source_id, kind)
);

-- A row, or one value of a row, that was not taken in. The row itself stays in the delivery's bytes.
create table if not exists system.set_aside (
    id bigint generated always as identity primary key,
    delivery_id bigint not null references system.delivery (id),
    row int,
    line int not null,
    field text,
    kind text not null,
    reason text not null,
    owner text not null,
    state text not null default 'open' check (state in ('open', 'taken-in', 'dismissed')),
    settled_at timestamptz,
    settled_by bigint,
    check ((state = 'open') = (settled_at is null))
);
create index if not exists set_aside_open on system.set_aside (delivery_id) where state = 'open';

-- Elements no reference lists: kept, not judged.
create table if not exists system.unknown_element (
    delivery_id bigint not null references system.delivery (id),
    row int,
    line int not null,
    path text not null,
    value text not null
);
create index if not exists unknown_element_delivery on system.unknown_element (delivery_id);

-- Children whose address (1) or whole record (2) is kept from those who need not know; from the council's register.
create table if not exists people.protection (
    id bigint generated always as identity primary key,
    delivery_id bigint not null references system.delivery (id),
    row int not null,
    upn text,
    surname text,
    forename text,
    date_of_birth date,
    guard smallint not null check (guard in (1, 2)),
    from_date date,
    known_from timestamptz not null
);

-- Workers and teams of a case system, by the numbers that children's records name. `part_of`: a worker's department, a
-- team's parent.
create table if not exists system.worker (
    id bigint generated always as identity primary key,
    source_id bigint not null references system.source (id),
    kind text not null check (kind in ('worker', 'team')),
    number text not null,
    name text,
    title text,
    part_of text,
    delivery_id bigint not null references system.delivery (id),
    line int not null,
    row int not null,
    known_from timestamptz not null,
    known_until timestamptz not null default 'infinity'
);
create unique index if not exists worker_now on system.worker (source_id, kind, number) where known_until = 'infinity';

-- Raises the guard of subjects and of every row that carries it for them; it never lowers one.
drop function if exists system.raise_guard(bigint[], smallint[]);
create function system.raise_guard(subjects bigint[], guards smallint[]) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    fact record;
    raised bigint;
begin
    create temporary table if not exists guard_wanted (subject_id bigint, guard smallint) on commit drop;
    truncate guard_wanted;
    insert into guard_wanted
    select s, max(g) from unnest(subjects, guards) as wanted (s, g) group by s;
    update system.subject s set guard = w.guard from guard_wanted w where s.id = w.subject_id and s.guard < w.guard;
    get diagnostics raised = row_count;
    for fact in
        select c.oid::regclass as name from pg_class c
        join pg_attribute s on s.attrelid = c.oid and s.attname = 'subject_id'
        join pg_attribute g on g.attrelid = c.oid and g.attname = 'guard'
        where c.relkind = 'r' and c.relpersistence = 'p' and has_column_privilege(c.oid, g.attnum, 'update')
    loop
        execute format(
            'update %s f set guard = w.guard from guard_wanted w where f.subject_id = w.subject_id'
            ' and f.guard < w.guard', fact.name);
    end loop;
    return raised;
end $$;
-- It acts with the rights of intake, the one purpose that may write to facts.
revoke all on function system.raise_guard(bigint[], smallint[]) from public;
grant p_data_intake to current_user;
grant create on schema system to p_data_intake;
alter function system.raise_guard(bigint[], smallint[]) owner to p_data_intake;
revoke create on schema system from p_data_intake;
grant execute on function system.raise_guard(bigint[], smallint[]) to p_data_intake, p_record_matching, p_safeguarding;

-- Tells the planner of what a large delivery brought, for tables that have grown by a fifth since it last looked.
create or replace function system.refresh_statistics() returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    grown regclass;
begin
    for grown in
        select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname not in ('pg_catalog', 'information_schema')
            and pg_get_userbyid(c.relowner) = current_user
            and pg_relation_size(c.oid) / 8192 > 1.2 * greatest(c.relpages, 1)
    loop
        execute format('analyze %s', grown);
    end loop;
end $$;
revoke all on function system.refresh_statistics() from public;
grant execute on function system.refresh_statistics() to p_data_intake;
