-- tables of access
create schema if not exists system;

-- One row: what kind of store this is. Made-up accounts hang on demo = true by foreign key, so they cannot exist elsewhere.
create table if not exists system.store (
    only_one boolean primary key default true check (only_one),
    demo boolean not null,
    unique (only_one, demo)
);

create table if not exists system.account (
    id bigint generated always as identity primary key,
    name text not null,
    login text not null unique,
    role text not null,
    password_hash text,
    os_user text unique,
    made_up boolean not null default false,
    disabled boolean not null default false,
    added_at timestamptz not null default now(),
    store boolean not null default true check (store),
    demo boolean not null,
    check (demo or not made_up),
    foreign key (store, demo) references system.store (only_one, demo)
);
