-- tables of policy
create table if not exists system.confirmation (
    id bigint generated always as identity primary key,
    file text not null,
    row_id text not null,
    digest text not null,
    confirmed_by bigint not null,
    confirmed_at timestamptz not null,
    note text not null,
    unique (file, row_id, digest)
);

-- Rows of law and policy that this council adds to those that ship. What loosens counts once a second person wants it.
create table if not exists system.policy_row (
    id bigint generated always as identity primary key,
    file text not null,
    row_key text not null,
    content jsonb not null,
    from_date date not null,
    until_date date,
    effect text not null check (effect in ('words', 'tightens', 'loosens')),
    reason text not null,
    entered_by bigint not null,
    entered_at timestamptz not null,
    seconded_by bigint,
    seconded_at timestamptz,
    withdrawn_by bigint,
    withdrawn_at timestamptz,
    check (until_date is null or until_date > from_date),
    check ((seconded_by is null) = (seconded_at is null)),
    check ((withdrawn_by is null) = (withdrawn_at is null)),
    check (seconded_by <> entered_by)
);
create index if not exists policy_row_file on system.policy_row (file, row_key, from_date);

-- What a row says never changes, whatever way the change comes in: by what stood that day, decisions were made. A row
-- that waited for its second person past its first day begins when that person said yes.
create or replace function system.policy_row_stays() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'DELETE' then
        if current_user = 'p_information_governance' then
            raise exception 'a row of policy is not deleted by whoever enters it';
        end if;
        return old;
    end if;
    if (new.file, new.row_key, new.content, new.until_date, new.effect, new.reason, new.entered_by, new.entered_at)
        is distinct from
        (old.file, old.row_key, old.content, old.until_date, old.effect, old.reason, old.entered_by, old.entered_at)
        or (old.seconded_by is not null and new.seconded_by is distinct from old.seconded_by)
        or (old.withdrawn_by is not null and new.withdrawn_by is distinct from old.withdrawn_by)
        or (new.from_date is distinct from old.from_date and (old.seconded_by is not null or new.seconded_by is null))
        or new.from_date < old.from_date then
        raise exception 'a row of policy never changes: add another';
    end if;
    return new;
end $$;
drop trigger if exists stays on system.policy_row;
create trigger stays before update or delete on system.policy_row
    for each row execute function system.policy_row_stays();
