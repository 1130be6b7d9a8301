-- tables of retention

-- What stops disposal. `classes` null: all; `subjects` null: everybody. A row with `shipped` lifts a hold that is in
-- force from the start (data/holds.csv).
create table if not exists system.hold (
    id bigint generated always as identity primary key,
    rule text not null,
    reference text not null,
    classes text[],
    subjects bigint[],
    shipped boolean not null default false,
    placed_by bigint not null,
    placed_at timestamptz not null,
    lifted_by bigint,
    lifted_at timestamptz,
    lifted_because text,
    check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_because is null)),
    check (not shipped or lifted_at is not null),
    check (cardinality(classes) > 0 and cardinality(subjects) > 0)
);
create unique index if not exists hold_shipped on system.hold (rule) where shipped;
