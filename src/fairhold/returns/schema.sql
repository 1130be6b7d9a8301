-- tables of returns
-- `name` is a return (ssda903, cin), `year` its collection year: 2027 is the year to 31 March 2027.

-- One run of the rules over a return's tables. `sources`: table → the delivery it came from. The tables themselves lie in
-- the vault as they were checked (`tables_file`); they and the rows at fault are kept until `due`.
create table if not exists system.return_run (
    id bigint generated always as identity primary key,
    name text not null,
    year int not null,
    la text not null,
    origin text not null check (origin in ('delivered', 'built')),
    made_at timestamptz not null,
    made_by bigint not null,
    as_at date not null,
    rules_digest text not null,
    sources jsonb not null,
    rows jsonb not null,
    set_aside jsonb not null,
    extra_columns jsonb not null,
    tables_file bigint not null,
    due date not null
);
create index if not exists return_run_year on system.return_run (name, year, id);

-- What each rule gave in a run, over all children. `findings` counts as the check does (rows that make one fault together
-- once), `faults` by child; `fields`: table → fields. A rule that was not run has its reason and no counts.
create table if not exists system.return_run_rule (
    run_id bigint not null references system.return_run (id),
    rule text not null,
    title text not null,
    severity text not null,
    fields jsonb not null,
    not_run text,
    findings int not null default 0,
    faults int not null default 0,
    new int not null default 0,
    fixed int not null default 0,
    explained int not null default 0,
    primary key (run_id, rule)
);

-- To whom faults were given, with a word and a day.
create table if not exists system.return_assignment (
    id bigint generated always as identity primary key,
    name text not null,
    year int not null,
    owner bigint not null,
    note text not null,
    due date,
    made_by bigint not null,
    made_at timestamptz not null
);

-- Faults and findings are written in bulk by one verb, so they have no foreign keys to be checked row by row.
-- One fault of one child by one rule, the same through all runs of a year: `key` stands for rule, child and the values that
-- tell the fault, `alike` for rule and values alone (null when all are blank). Fixed in the first run that no longer finds
-- it although its rule was run. A fault of the return as a whole has no child. `worker` (a number) and `team` are the
-- record's.
create table if not exists system.return_fault (
    id bigint generated always as identity primary key,
    name text not null,
    year int not null,
    rule text not null,
    key bytea not null,
    alike bytea,
    subject_id bigint,
    guard smallint not null check (guard between 0 and 2),
    child text not null,
    first_run bigint not null,
    last_run bigint not null,
    fixed_run bigint,
    worker text,
    assignment_id bigint references system.return_assignment (id),
    unique (name, year, key)
) with (fillfactor = 80);
alter table system.return_fault add column if not exists team text;

-- The rows at fault in a run. `line` is that of the delivery, `row` the row's number within its table; `values` stand
-- beside the rule's fields for the table, those of an address that was protected withheld.
create table if not exists system.return_finding (
    run_id bigint not null,
    fault_id bigint not null,
    subject_id bigint,
    guard smallint not null check (guard between 0 and 2),
    rule text not null,
    "group" int not null,
    "table" text not null,
    line int not null,
    row int not null,
    "values" text[] not null
);
create index if not exists return_finding_rule on system.return_finding (run_id, rule, "table", line);
create index if not exists return_finding_fault on system.return_finding (fault_id);

-- The bank of explanations: words without personal data.
create table if not exists system.return_explanation (
    id bigint generated always as identity primary key,
    name text not null,
    rule text not null,
    reason text not null,
    words text not null,
    made_by bigint not null,
    made_at timestamptz not null,
    withdrawn_by bigint,
    withdrawn_at timestamptz,
    because text,
    check ((withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (because is null))
);

-- Which explanation stands for which fault. One carried from an earlier year waits until somebody confirms it.
create table if not exists system.return_explained (
    fault_id bigint not null references system.return_fault (id),
    explanation_id bigint not null references system.return_explanation (id),
    how text not null check (how in ('given', 'same fault', 'same values')),
    made_by bigint not null,
    made_at timestamptz not null,
    confirmed_by bigint,
    confirmed_at timestamptz,
    ended_by bigint,
    ended_at timestamptz,
    check ((confirmed_at is null) = (confirmed_by is null)),
    check ((ended_at is null) = (ended_by is null)),
    check (how <> 'given' or confirmed_at is not null)
);
create unique index if not exists return_explained_standing on system.return_explained (fault_id) where ended_at is null;
create index if not exists return_explained_of on system.return_explained (explanation_id) where ended_at is null;

-- Teams that no record names: of a social worker by number, or of one child.
create table if not exists system.return_team (
    worker text unique,
    subject_id bigint unique,
    guard smallint not null default 0 check (guard between 0 and 2),
    team text not null,
    set_by bigint not null,
    set_at timestamptz not null,
    check ((worker is null) <> (subject_id is null))
);

-- Whether one of these words is a name of one of these children, in whatever record of theirs. It acts with the rights of
-- intake and tells yes or no, so that words can be refused by those who may read no name.
create or replace function system.return_text_names(subjects bigint[], words text[]) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select exists (
        select from unnest(subjects) as of_child (id)
        left join people.membership mine on mine.subject_id = of_child.id
        left join people.membership theirs on theirs.person_id = mine.person_id
        join people.name n on n.subject_id = coalesce(theirs.subject_id, of_child.id)
        where system.plain(n.surname) = any (plain.words) or system.plain(n.forename) = any (plain.words)
            or system.plain(n.former_surname) = any (plain.words)
            or system.plain(n.preferred_forename) = any (plain.words)
            or system.plain(n.preferred_surname) = any (plain.words)
    ) from (select array_agg(system.plain(word)) as words from unnest(words) as word) plain
$$;
revoke all on function system.return_text_names(bigint[], text[]) from public;
grant p_data_intake to current_user;
grant create on schema system to p_data_intake;
alter function system.return_text_names(bigint[], text[]) owner to p_data_intake;
revoke create on schema system from p_data_intake;
grant execute on function system.return_text_names(bigint[], text[]) to p_statutory_returns, p_safeguarding;

-- Tells the planner of a large run at once (the function is intake's).
grant execute on function system.refresh_statistics() to p_return_production;

-- tables of Annex A: the lists for an inspection
-- One run: `rows`: list → rows over every child; `outside`: list → column → values that none of its codes stands for;
-- `adopters` says what came of the file of list 11. The lists themselves lie in the vault until `due`.
create table if not exists system.annex_a_run (
    id bigint generated always as identity primary key,
    on_day date not null,
    made_at timestamptz not null,
    made_by bigint not null,
    source_id bigint not null,
    reference text not null,
    rows jsonb not null,
    outside jsonb not null,
    places boolean not null,
    adopters text not null,
    lists_file bigint not null,
    due date not null
);

-- A run handed to Ofsted: under which reference, by whom, and the workbook as it left.
create table if not exists system.annex_a_release (
    id bigint generated always as identity primary key,
    run_id bigint not null references system.annex_a_run (id),
    reference text not null check (reference <> ''),
    made_by bigint not null,
    made_at timestamptz not null,
    sha256 text not null,
    file bigint not null,
    children int not null
);

-- tables of builds and submissions: what was built from the record, who signed it, what was frozen and sent
-- `known_at` and `last_day`: what the build knew; `header`: what its file says of itself; `links`: identity links in force
-- among its children. The tables as checked lie with the run; the bytes can be made again from this row and the facts.
create table if not exists system.return_build (
    id bigint generated always as identity primary key,
    name text not null,
    year int not null,
    la text not null,
    known_at timestamptz not null,
    last_day date not null,
    made_at timestamptz not null,
    made_by bigint not null,
    file text not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    content_sha256 text not null check (content_sha256 ~ '^[0-9a-f]{64}$'),  -- of the tables, without the file's header
    size bigint not null,
    header jsonb not null,
    rows json not null,  -- in the order of the tables
    children int not null,
    links int not null,
    links_digest text not null,
    catalogue_digest text not null,
    software text not null,
    run_id bigint not null references system.return_run (id)
);
create index if not exists return_build_year on system.return_build (name, year, id);

-- Two signatures, by two people. They stand for the bytes of one build: the counts say what its signer knew.
create table if not exists system.return_signature (
    build_id bigint not null references system.return_build (id),
    part text not null check (part in ('prepared', 'approved')),
    signed_by bigint not null,
    signer text not null,
    role text not null,
    signed_at timestamptz not null,
    errors int not null,
    not_run int not null,
    note text not null,
    primary key (build_id, part),
    unique (build_id, signed_by)
);

-- A frozen version: the exact bytes lie in the vault until `due`; hash, counts and signatures remain for good.
create table if not exists system.return_submission (
    id bigint generated always as identity primary key,
    build_id bigint not null unique references system.return_build (id),
    name text not null,
    year int not null,
    version int not null check (version > 0),
    frozen_at timestamptz not null,
    frozen_by bigint not null,
    file_id bigint not null,
    sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size bigint not null,
    rules_digest text not null,
    counts jsonb not null,
    due date not null,
    due_why text not null,
    unique (name, year, version)
);

-- Whose records a frozen version holds.
create table if not exists system.return_submission_child (
    submission_id bigint not null references system.return_submission (id),
    subject_id bigint not null,
    guard smallint not null check (guard between 0 and 2),
    primary key (submission_id, subject_id)
);
create index if not exists return_submission_child_subject on system.return_submission_child (subject_id);

-- What the collector's portal answered.
create table if not exists system.return_receipt (
    id bigint generated always as identity primary key,
    submission_id bigint not null references system.return_submission (id),
    channel text not null,
    reference text not null,
    received_on date not null,
    recorded_by bigint not null,
    recorded_at timestamptz not null,
    file_id bigint
);
