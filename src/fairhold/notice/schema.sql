-- tables of notice

-- The privacy notice as published, a row a version: what it said, and a digest of every word.
create table if not exists system.notice_version (
    id bigint generated always as identity primary key,
    day date not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    document jsonb not null,
    made_by bigint not null,
    made_at timestamptz not null
);
