-- Section 47 enquiries under way at some time in the six months: one row for each, with the conference it led to.
-- Earlier enquiries and conferences are counted back a year from the enquiry's own start.
with enquiry as (
    select s.*, row_number() over (partition by subject_id order by start_date, number) as nth
    from social_care.section_47 s where start_date <= on_day()
), led_to as (
    select s.subject_id, s.start_date, s.number,
        coalesce(min(by_then(k.conference_date)), any_value(by_then(s.conference_date))) as held,
        bool_or(k.plan_agreed) as plan_agreed
    from enquiry s left join social_care.conference k on k.subject_id = s.subject_id
        and k.s47_start_date = s.start_date and k.s47_number is not distinct from s.number
    group by all
), earlier as (
    select s.subject_id, s.nth, count(*) as enquiries from enquiry s join enquiry o using (subject_id)
    where o.nth < s.nth and o.start_date >= (s.start_date - to_years(1))::date group by all
), conferences as (
    select s.subject_id, s.nth, count(*) as held from enquiry s join conference k using (subject_id)
    where in_year_before(k.day, s.start_date) group by all
)
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)", c.disability as "Does the Child have a Disability",
    s.start_date as "Strategy discussion initiating Section 47 Enquiry Start Date",
    case when h.held is not null then 'NO'
        else yes_no(coalesce(s.conference_not_required, case when s.end_date <= on_day() then s.no_further_action end))
        end as "Was an Initial Child Protection Conference deemed unnecessary?",
    h.held as "Date of Initial Child Protection Conference",
    case when h.held is not null then coalesce(yes_no(h.plan_agreed), case when exists (
        select 1 from social_care.protection_plan p where p.subject_id = s.subject_id and p.start_date = h.held)
        then 'YES' else 'UNKNOWN' end) end
        as "Did the Initial Child Protection Conference Result in a Child Protection Plan",
    coalesce(e.enquiries, 0) as "Number of Section 47 Enquiries in the last 12 months",
    coalesce(k.held, 0) as "Number of ICPCs in the last 12 months",
    coalesce(t.name, s.team_no, l.team) as "Allocated Team",
    coalesce(w.name, s.worker_no, l.worker) as "Allocated Worker"
from enquiry s join child c using (subject_id)
left join led_to h on h.subject_id = s.subject_id and h.start_date = s.start_date
    and h.number is not distinct from s.number
left join earlier e on e.subject_id = s.subject_id and e.nth = s.nth
left join conferences k on k.subject_id = s.subject_id and k.nth = s.nth
left join allocated l on l.subject_id = s.subject_id
left join team t on t.number = s.team_no
left join worker w on w.number = s.worker_no
-- The census tells no end of an enquiry: without a conference such a one counts on the day it began.
where open_in_months(s.start_date, coalesce(s.end_date, h.held, case when s.record_no is null then s.start_date end), 6)
