-- tables of identity

-- A statement that two subjects are one child. Undoing closes it; nothing is rewritten.
create table if not exists people.link (
    id bigint generated always as identity primary key,
    low bigint not null references system.subject (id),
    high bigint not null references system.subject (id),
    step text not null,
    evidence jsonb not null,
    author text not null,
    made_at timestamptz not null,
    model text not null,
    undone_at timestamptz,
    undone_by text,
    reason text,
    check (low < high),
    check ((undone_at is null) = (undone_by is null) and (undone_at is null) = (reason is null))
);
create unique index if not exists link_standing on people.link (low, high) where undone_at is null;
create index if not exists link_high on people.link (high) where undone_at is null;

-- The person a linked subject belongs to: the lowest subject of its group. A subject without a row is its own person.
create table if not exists people.membership (
    subject_id bigint primary key,
    person_id bigint not null
);
create index if not exists membership_person on people.membership (person_id);

-- Two subjects a person must look at: `kind` says why no rule may decide.
create table if not exists people.candidate (
    id bigint generated always as identity primary key,
    low bigint not null references system.subject (id),
    high bigint not null references system.subject (id),
    kind text not null,
    evidence jsonb not null,
    guard smallint not null default 0,
    found_at timestamptz not null,
    state text not null default 'open' check (state in ('open', 'accepted', 'rejected')),
    decided_at timestamptz,
    decided_by text,
    check (low < high),
    check ((state = 'open') = (decided_at is null)),
    unique (low, high)
);
create index if not exists candidate_open on people.candidate (kind) where state = 'open';

-- What matching compares, one row a subject, from its current facts.
create table if not exists people.match_key (
    subject_id bigint primary key,
    source_id bigint not null,
    upns text[] not null default '{}',
    surname text,
    forename text,
    date_of_birth date,
    sex text,
    postcode text,
    apart boolean not null,
    guard smallint not null
);
create index if not exists match_key_birth on people.match_key (date_of_birth);
create index if not exists match_key_upns on people.match_key using gin (upns);

create table if not exists people.matching_run (
    id bigint generated always as identity primary key,
    upto_delivery bigint not null,
    at timestamptz not null,
    linked int not null,
    candidates int not null
);
