-- tables of ledger
create schema if not exists ledger;

create table if not exists ledger.event (
    seq bigint primary key,
    at timestamptz not null,
    kind text not null,
    actor text not null,
    role text not null,
    purpose text not null,
    children bytea[] not null,
    detail jsonb not null,
    -- The perfect subtrees of the hash tree that this event completes, 32 bytes each; the first is its leaf hash.
    nodes bytea not null check (length(nodes) > 0 and length(nodes) % 32 = 0),
    seal bytea not null check (length(seal) = 16)
);
create index if not exists event_children on ledger.event using gin (children);
create index if not exists event_kind on ledger.event (kind, seq);

-- One random key a subject. When it is deleted, nobody can tell any more which events concern that child.
create table if not exists ledger.child_key (
    subject_id bigint primary key,
    key bytea not null check (length(key) = 32)
);

-- An owner's slip is stopped here. Whoever switches this off on purpose is found by `fairhold ledger verify`.
create or replace function ledger.append_only() returns trigger language plpgsql as $$
begin
    raise exception 'The ledger is only ever added to.' using errcode = 'insufficient_privilege';
end $$;
create or replace trigger append_only before update or delete or truncate on ledger.event
    for each statement execute function ledger.append_only();

do $$ begin
    if not exists (select from pg_roles where rolname = 'p_ledger') then create role p_ledger nologin; end if;
    if not exists (select from pg_roles where rolname = 'p_ledger_forget') then
        create role p_ledger_forget nologin;
    end if;
end $$;
revoke all on all tables in schema ledger from public, p_ledger, p_ledger_forget;
grant usage on schema ledger to p_ledger, p_ledger_forget;
grant select, insert on ledger.event, ledger.child_key to p_ledger;
-- Disposal alone lets a child's key die; it can neither read events nor make keys.
grant select (subject_id), delete on ledger.child_key to p_ledger_forget;

-- Takes the turn of the one sequencer and says how the ledger stands: its size, the peaks of its tree (one index look-up
-- a set bit of the size), and the keys of these subjects, made for those that have none. Held until the commit.
create or replace function ledger.take_turn(
    subjects bigint[], out size bigint, out peaks bytea, out known bigint[], out keys bytea[]
) language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_advisory_xact_lock(7305002);
    select coalesce(max(seq), 0) into size from ledger.event;
    select coalesce(string_agg(substring(e.nodes from level * 32 + 1 for 32), '' order by level desc), '') into peaks
    from generate_series(0, 62) as level join ledger.event e on e.seq = (size >> level) << level
    where (size >> level) & 1 = 1;
    select array_agg(k.subject_id), array_agg(k.key) into known, keys
    from ledger.child_key k where k.subject_id = any (subjects);
    if coalesce(cardinality(known), 0) < cardinality(subjects) then  -- seldom: most children have their key already
        -- Two random UUIDs hold 244 random bits from the system's own source.
        with made as (
            insert into ledger.child_key (subject_id, key)
            select s, uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
            from (select unnest(subjects) except select unnest(known)) as missing (s) returning subject_id, key
        ) select known || array_agg(subject_id), keys || array_agg(key) into known, keys from made;
    end if;
end $$;
revoke all on function ledger.take_turn(bigint[]) from public;
grant execute on function ledger.take_turn(bigint[]) to p_ledger;
grant p_ledger to fairhold_web, fairhold_worker;
grant p_ledger_forget to fairhold_worker;
