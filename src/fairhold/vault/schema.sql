-- tables of vault
create schema if not exists system;

-- Every file Fairhold keeps. `name` is random and is all the disk shows; a file without a due date is kept until its rule
-- gives it one. Disposal leaves the row: hash, size and class, nothing else.
create table if not exists system.vault_file (
    id bigint generated always as identity primary key,
    name text not null unique check (name ~ '^[0-9a-f]{32}$'),
    kind text not null,
    class text not null,
    retention text not null,
    due date,
    size bigint not null check (size >= 0),
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    sealed_sha256 text not null check (sealed_sha256 ~ '^[0-9a-f]{64}$'),
    kept_at timestamptz not null,
    kept_for name not null default current_user,
    state text not null default 'kept' check (state in ('kept', 'erased')),
    erased_at timestamptz,
    check ((state = 'erased') = (erased_at is not null))
);
create index if not exists vault_file_due on system.vault_file (due) where state = 'kept';
create index if not exists vault_file_sha256 on system.vault_file (sha256);

-- The key of each file, locked under the master key. Only the purposes a file was kept for see it; when it is gone, so
-- is the file, wherever copies of its bytes may lie.
create table if not exists system.vault_key (
    file_id bigint primary key references system.vault_file (id),
    opens_for name[] not null,
    wrapped bytea not null
);
alter table system.vault_key enable row level security;
drop policy if exists keepers on system.vault_key;
create policy keepers on system.vault_key using (current_user = any (opens_for)) with check (current_user = any (opens_for));

-- Disposal erases a file it could never read. It acts with the owner's rights, for the purpose of retention alone.
create or replace function system.erase_vault_file(file bigint, at timestamptz) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    gone text;
begin
    delete from system.vault_key where file_id = file;
    update system.vault_file set state = 'erased', erased_at = at where id = file and state = 'kept' returning name into gone;
    return gone;
end $$;
revoke all on function system.erase_vault_file(bigint, timestamptz) from public;
grant execute on function system.erase_vault_file(bigint, timestamptz) to p_retention;
