-- tables of web
-- A session is found by the hash of its token; the token itself, and what it encrypts, only the browser knows.
create table if not exists system.session (
    token_hash bytea primary key,
    account_id bigint not null references system.account (id) on delete cascade,
    purpose text,
    notice text,
    desk bytea,
    started_at timestamptz not null,
    seen_at timestamptz not null
);

-- Failed sign-ins, by a keyed hash of the name and of the address tried; kept for an hour.
create table if not exists system.sign_in_failure (
    key bytea not null,
    at timestamptz not null
);
create index if not exists sign_in_failure_key on system.sign_in_failure (key, at);
