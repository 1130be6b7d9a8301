-- Children with a child protection plan now, or whose plan ended in the six months: one row a child, of the newest plan.
-- Not plans of another authority for a child who is here for a time.
with plan as (
    select *, by_then(end_date) as over from social_care.protection_plan
    where open_in_months(start_date, end_date, 6) and other_authority is distinct from true
    qualify row_number() over (partition by subject_id order by start_date desc, end_date desc nulls first,
        number desc nulls last) = 1
), visit as (
    select p.subject_id, v.visit_date, v.seen_alone from plan p join social_care.protection_visit v using (subject_id)
    where v.visit_date between p.start_date and coalesce(p.over, on_day())
    qualify row_number() over (partition by p.subject_id order by v.visit_date desc, v.seen_alone desc nulls last) = 1
), review as (
    select p.subject_id, max(r.review_date) as day from plan p join social_care.protection_review r
        on r.subject_id = p.subject_id and r.plan_start_date = p.start_date
        and r.plan_number is not distinct from p.number
    where r.review_date between p.start_date and coalesce(p.over, on_day()) group by p.subject_id
), earlier as (
    select p.subject_id, count(*) as plans from plan p join social_care.protection_plan o using (subject_id)
    where o.start_date < p.start_date and o.other_authority is distinct from true group by p.subject_id
)
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)", c.disability as "Does the Child have a Disability",
    p.start_date as "Child Protection Plan Start Date", abuse(p.initial_category) as "Initial Category of Abuse",
    abuse(p.latest_category) as "Latest Category of Abuse", v.visit_date as "Date of the Last Statutory Visit",
    case when v.visit_date is not null then yes_no_unknown(v.seen_alone) end as "Was the Child Seen Alone?",
    r.day as "Date of latest review conference", p.over as "Child Protection Plan End Date",
    yes_no(exists (
        select 1 from social_care.legal_status l where l.subject_id = p.subject_id and l.status in ('L1', 'L2')
            and open_in_months(l.started, l.ended, 6)
        union all select 1 from care e where e.subject_id = p.subject_id and e.legal_status in ('L1', 'L2')
            and open_in_months(e.started, e.ended, 6)
    )) as "Subject to Emergency Protection Order or Protected Under Police Powers in Last Six Months (Y/N)",
    greatest(coalesce(p.previous_plans, 0), coalesce(e.plans, 0)) as "Number of Previous Child Protection Plans",
    l.team as "Allocated Team", l.worker as "Allocated Worker"
from plan p join child c using (subject_id)
left join visit v using (subject_id)
left join review r using (subject_id)
left join earlier e using (subject_id)
left join allocated l using (subject_id)
