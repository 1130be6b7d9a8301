-- tables of insight
-- Views run with the rights of fairhold_totals, which may read facts; those who read the views may not.

create or replace view totals.on_roll as
select coalesce(e.school_name, 'School not named') as label,
       totals.safe(count(distinct coalesce(m.person_id, e.subject_id))) as children
from education.enrolment e
left join people.membership m on m.subject_id = e.subject_id
where e.known_until = 'infinity' and e.leaving_date is null
group by 1;

create or replace view totals.year_group as
select coalesce(y.nc_year, 'not known') as label,
       totals.safe(count(distinct coalesce(m.person_id, y.subject_id))) as children
from education.year_group y
left join people.membership m on m.subject_id = y.subject_id
where y.known_until = 'infinity' and y.until_date = 'infinity'
group by 1;

create or replace view totals.sen as
select coalesce(p.provision, 'not known') as label,
       totals.safe(count(distinct coalesce(m.person_id, p.subject_id))) as children
from send.provision p
left join people.membership m on m.subject_id = p.subject_id
where p.known_until = 'infinity' and p.end_date is null
group by 1;

create or replace view totals.in_care as
select coalesce(c.legal_status, 'not known') as label,
       totals.safe(count(distinct coalesce(m.person_id, c.subject_id))) as children
from social_care.episode c
left join people.membership m on m.subject_id = c.subject_id
where c.known_until = 'infinity' and c.ended is null
group by 1;

do $$ declare name text; begin
    foreach name in array array['on_roll', 'year_group', 'sen', 'in_care'] loop
        execute format('alter view totals.%I owner to fairhold_totals', name);
    end loop;
end $$;

-- Measures. A run counts every year it can; what it gave for a measure and year is a result, with the digest of the
-- definition it was counted by, the last day counted, or the reason why it could not be counted.
create table if not exists system.measure_run (
    id bigint generated always as identity primary key,
    made_at timestamptz not null,
    made_by bigint not null,
    known_at timestamptz not null,
    on_day date not null,
    la text,
    postcodes text
);
create table if not exists system.measure_result (
    run_id bigint not null references system.measure_run (id),
    measure text not null,
    year int not null,
    digest text not null,
    until_day date,
    not_run text,
    primary key (measure, year, run_id),
    check ((until_day is null) <> (not_run is null))
);

-- A hash of the exact counts: counting again from the same facts must give it. Small counts could be guessed from it.
create table if not exists system.measure_proof (
    run_id bigint not null references system.measure_run (id),
    measure text not null,
    year int not null,
    counts bytea not null,
    primary key (run_id, measure, year)
);

-- What was published of a group (`breakdown` and `grp` are blank for all), from the run on until a later row; a row is
-- added only when something changed. The counts behind it (things and children: those that meet the condition, and the
-- rest where there is one) are for the next run alone; `numerator` to `withheld` are what may be seen.
create table if not exists system.measure_cell (
    run_id bigint not null references system.measure_run (id),
    measure text not null,
    year int not null,
    breakdown text not null,
    grp text not null,
    met bigint not null,
    met_children bigint not null,
    rest bigint,
    rest_children bigint,
    amount numeric,
    numerator bigint,
    denominator bigint,
    value numeric,
    withheld boolean not null,
    primary key (measure, year, breakdown, grp, run_id),
    check (not withheld or (numerator is null and denominator is null and value is null))
);
create or replace view totals.measure as
select run_id, measure, year, breakdown, grp, numerator, denominator, value, withheld from system.measure_cell;
alter view totals.measure owner to fairhold_totals;

-- A target holds from the day it was set until a later one of the same measure and year; `digest` is the definition it
-- was set for.
create table if not exists system.measure_target (
    id bigint generated always as identity primary key,
    measure text not null,
    year int not null,
    value numeric not null,
    better text not null check (better in ('higher', 'lower')),
    digest text not null,
    set_by bigint not null,
    set_at timestamptz not null
);
create table if not exists system.measure_population (
    id bigint generated always as identity primary key,
    year int not null,
    children int not null check (children > 0),
    source text not null,
    set_by bigint not null,
    set_at timestamptz not null
);
