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
