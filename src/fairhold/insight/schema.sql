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

grant create on schema totals to fairhold_totals;
do $$ declare name text; begin
    foreach name in array array['on_roll', 'year_group', 'sen', 'in_care'] loop
        execute format('alter view totals.%I owner to fairhold_totals', name);
    end loop;
end $$;
