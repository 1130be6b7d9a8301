-- tables of choices
create schema if not exists people;

-- A choice hangs on a subject of the child, so that it moves with the record when a link is undone.
create table if not exists people.choice (
    id bigint generated always as identity primary key,
    subject_id bigint not null,
    guard smallint not null default 0 check (guard between 0 and 2),
    kind text not null check (kind in ('consent', 'objection')),
    chosen_by text not null check (chosen_by in ('parent', 'young_person')),
    recipient text,
    fields text[],
    from_date date not null,
    to_date date,
    wording text not null,
    recorded_by bigint not null,
    recorded_at timestamptz not null,
    withdrawn_at timestamptz,
    withdrawn_by bigint,
    -- A consent names its recipient and fields; in an objection an empty one means all.
    check (kind = 'objection' or (recipient is not null and cardinality(fields) > 0)),
    check (to_date is null or to_date >= from_date),
    check ((withdrawn_at is null) = (withdrawn_by is null))
);
create index if not exists choice_subject on people.choice (subject_id);
create unique index if not exists choice_once on people.choice
    (subject_id, kind, chosen_by, coalesce(recipient, ''), coalesce(fields, array[]::text[]), from_date);

-- Since: who chose and on what their right to rests, how it came in, and when to ask again.
alter table people.choice
    add column if not exists chooser text not null default '',
    add column if not exists authority text not null default 'register',
    add column if not exists channel text not null default 'register',
    add column if not exists review_by date,
    add column if not exists withdrawn_channel text;
alter table people.choice drop constraint if exists choice_kind_check;
alter table people.choice add constraint choice_kind_check
    check (kind in ('consent', 'objection', 'refusal', 'evidence'));
