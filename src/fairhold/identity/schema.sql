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

-- Each run of the rules, per purpose: the next one looks at what came later.
create table if not exists people.matching_run (
    id bigint generated always as identity primary key,
    purpose text not null,
    upto_delivery bigint not null,
    at timestamptz not null,
    linked int not null,
    candidates int not null
);

-- A permanent UPN whose check letter is right (identifiers: Government Data Standards Catalogue, UPN 2.0).
create or replace function system.good_upn(upn text) returns boolean
language sql immutable strict parallel safe as $$
    select case when upn !~ '^[A-HJ-NP-RT-Z][0-9]{12}$' then false else substr('ABCDEFGHJKLMNPQRTUVWXYZ', 1 + (
        2 * substr(upn, 2, 1)::int + 3 * substr(upn, 3, 1)::int + 4 * substr(upn, 4, 1)::int
        + 5 * substr(upn, 5, 1)::int + 6 * substr(upn, 6, 1)::int + 7 * substr(upn, 7, 1)::int
        + 8 * substr(upn, 8, 1)::int + 9 * substr(upn, 9, 1)::int + 10 * substr(upn, 10, 1)::int
        + 11 * substr(upn, 11, 1)::int + 12 * substr(upn, 12, 1)::int + 13 * substr(upn, 13, 1)::int) % 23, 1)
        = left(upn, 1) end
$$;
