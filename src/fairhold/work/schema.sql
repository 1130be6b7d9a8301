-- tables of work
create schema if not exists system;

-- One thing to do. It is open once a (kind, key); raised again after it was closed, it is a new item.
create table if not exists system.work_item (
    id bigint generated always as identity primary key,
    kind text not null,
    key text not null,
    title text not null,
    role text not null,
    room text not null,
    link text not null check (link like '/%'),
    due date,
    raised_at timestamptz not null,
    closed_at timestamptz,
    closed_by bigint,
    check ((closed_at is null) = (closed_by is null))
);
-- The one person of the role who is to do it; none: whoever of the role comes first.
alter table system.work_item add column if not exists account bigint;
create unique index if not exists work_item_open on system.work_item (kind, key) where closed_at is null;
create index if not exists work_item_role on system.work_item (role, due) where closed_at is null;

-- A step of the daily run that came to its end under a purpose: what it did in counts, or why it failed.
create table if not exists system.daily_run (
    id bigint generated always as identity primary key,
    step text not null,
    purpose text not null,
    began_at timestamptz not null,
    ended_at timestamptz not null,
    counts jsonb not null,
    failed text
);
create index if not exists daily_run_newest on system.daily_run (step, purpose, id desc);
