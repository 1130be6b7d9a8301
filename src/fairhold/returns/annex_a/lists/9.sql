-- Young people now entitled to leaving care services: one row each.
with entitled as (
    select *, nullif(trim(replace(upper(eligibility), 'CHILD', '')), '') as duty from social_care.leaving_care
    where eligibility is not null and not eligibility ilike 'no current%'
    qualify row_number() over (partition by subject_id order by latest_contact desc nulls last, record_no desc) = 1
), alone as (
    select subject_id from social_care.uasc
    union select subject_id from social_care.immigration_status
    where upper(status) like '%UASC%' and coalesce(started, on_day()) <= on_day()
), alone_now as (
    select subject_id from social_care.uasc where ended is null or ended > on_day()
    union select subject_id from social_care.immigration_status
    where upper(status) like '%UASC%' and open_on_day(coalesce(started, on_day()), ended)
)
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)",
    yes_no(c.subject_id in (select subject_id from alone_now)
        or (c.age >= 18 and c.subject_id in (select subject_id from alone)))
        as "Unaccompanied Asylum Seeking Child (UASC), or formerly UASC if 18 or over (Y/N)",
    c.disability as "Does the Child have a Disability",
    coalesce(t.name, e.team_no, l.team) as "Allocated Team",
    coalesce(w.name, e.worker_no, l.worker) as "Allocated Worker",
    coalesce(a.name, e.adviser) as "Allocated Personal Advisor",
    case when e.duty like 'QUALIFYING%' then 'QUALIFYING' when e.duty in ('RELEVANT', 'FORMER RELEVANT', 'ELIGIBLE')
        then e.duty else 'OTHER' end as "Eligibility Category",
    by_then(e.pathway_review_date) as "Latest Pathway Plan Review Date", e.in_touch as "LA in Touch",
    by_then(e.latest_contact) as "Latest Date of Contact", left(e.accommodation, 1) as "Type of Accommodation",
    case coalesce(e.suitable, nullif(substr(e.accommodation, 2, 1), '')) when '1' then 'SUITABLE'
        when '2' then 'UNSUITABLE' end as "Suitability of Accommodation",
    e.activity as "Activity Status"
from entitled e join child c using (subject_id)
left join allocated l using (subject_id)
left join team t on t.number = e.team_no
left join worker w on w.number = e.worker_no
left join worker a on a.number = e.adviser
