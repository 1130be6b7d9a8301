-- tables of record

-- Words by which a child is found: names, UPN and birth date, normalised. Kept in step with the facts by each delivery.
create table if not exists people.search_token (
    subject_id bigint not null,
    token text not null,
    guard smallint not null
);
-- Words that only a case system of social care told are not for those who need not know that it knows the child.
alter table people.search_token add column if not exists care boolean not null default false;
create index if not exists search_token_word on people.search_token (token text_pattern_ops, subject_id);
create index if not exists search_token_subject on people.search_token (subject_id);

-- Whether the current address of these subjects lies in one of these postcode areas: yes, no or (no address) null.
-- It acts with the rights of intake and tells nothing else of the address, so that a protected one stays protected.
drop function if exists system.lives_in(bigint[], text[], date);
create function system.lives_in(subjects bigint[], outward text[], day date)
returns table (subject_id bigint, lives_in boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select a.subject_id, bool_or(split_part(regexp_replace(upper(a.postcode), '\s*(\d[A-Z]{2})\s*$', ' \1'), ' ', 1)
        = any (outward))
    from people.address a
    where a.subject_id = any (subjects) and a.known_until = 'infinity' and a.from_date <= day and day < a.until_date
        and a.postcode is not null
    group by a.subject_id
$$;
revoke all on function system.lives_in(bigint[], text[], date) from public;
grant p_data_intake to current_user;
grant create on schema system to p_data_intake;
alter function system.lives_in(bigint[], text[], date) owner to p_data_intake;
revoke create on schema system from p_data_intake;
grant execute on function system.lives_in(bigint[], text[], date) to p_youth_support, p_data_intake;

-- Voluntary items that somebody did not want to give, or took back: kept out of the facts from then on. `notice` is the
-- version of the text at the point of collection; the code is what stands in the item's place, if its code set has one.
create table if not exists people.refused_item (
    subject_id bigint not null,
    guard smallint not null default 0 check (guard between 0 and 2),
    fact_table text not null,
    field text not null,
    code text,
    notice text not null,
    refused_by bigint not null,
    refused_at timestamptz not null,
    primary key (subject_id, fact_table, field)
);
