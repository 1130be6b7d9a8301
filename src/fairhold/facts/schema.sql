-- tables of facts
create schema if not exists system;

-- Lower case, letters and digits only, accents dropped: how names and numbers are compared, never how they are kept.
create or replace function system.plain(value text) returns text
language sql immutable strict parallel safe as $$
    -- Most names are plain letters, and need no slow work.
    select case when value collate "C" ~ '^[A-Za-z]*$' then lower(value collate "C") else regexp_replace(
        lower(normalize(translate(value, 'łŁøØđĐðÐıßæÆœŒþÞ', 'lLoOdDdDisaAoOtT'), NFKD)), '[^a-z0-9]', '', 'g') end
$$;

create table if not exists system.source (
    id bigint generated always as identity primary key,
    kind text not null check (kind in ('school', 'case-system', 'register')),
    name text not null,
    lea text,
    estab text,
    urn text,
    case_system text,
    owner text not null default 'data-officer',
    registered_by text not null,
    registered_at timestamptz not null,
    check (kind <> 'school' or (lea is not null and estab is not null))
);
-- Whose data it is that a source sends: the council's own world, or a body whose word it needs before it goes on (N033).
alter table system.source add column if not exists origin text not null default 'council'
    check (origin in ('council', 'dfe', 'public-body'));
create unique index if not exists source_school on system.source (lea, estab) where kind = 'school';
create unique index if not exists source_other on system.source (kind, name) where kind <> 'school';

-- One person as one source knows them. `key` is the source's own; `guard` hides rows of protected children;
-- `apart`: linking leaves this subject alone (the reason stays in the tables that hold it).
create table if not exists system.subject (
    id bigint generated always as identity primary key,
    source_id bigint not null references system.source (id),
    key text not null,
    guard smallint not null default 0 check (guard between 0 and 2),
    apart boolean not null default false,
    unique (source_id, key)
);

-- A number for each fact table, given once: `mention.blocks` names tables by it.
create table if not exists system.fact_table (
    number smallint generated always as identity primary key,
    name text not null unique
);

-- Which delivery spoke of which subject, where in the file, as at when, and in which blocks: an absent block was not sent.
create table if not exists system.mention (
    subject_id bigint not null,
    delivery_id bigint not null,
    at timestamp not null,
    line int not null,
    row int not null,
    blocks smallint[] not null
);
create index if not exists mention_subject on system.mention (subject_id, at);
create index if not exists mention_delivery on system.mention (delivery_id);
