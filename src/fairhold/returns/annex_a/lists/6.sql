-- Children in need now or at some time in the six months: one row a child, of the newest referral. Not those who were
-- only referred, nor young people of 18 or over who receive leaving care services.
with episode as (
    select r.subject_id, r.referral_date, r.referral_number, by_then(r.closure_date) as closed, r.primary_need,
        case when r.closure_date <= on_day() then r.closure_reason end as closure_reason, r.team_no, r.worker_no
    from social_care.need_episode r join child c using (subject_id)
    where open_in_months(r.referral_date, r.closure_date, 6) and r.no_further_action is distinct from true
        and not (coalesce(c.age, 0) >= 18 and r.subject_id in (select subject_id from social_care.leaving_care))
), work as (
    select subject_id, start_date as began, authorised_date as ended from social_care.assessment
    union all select subject_id, start_date, end_date from social_care.cin_plan
    union all select subject_id, start_date, end_date from social_care.section_47
    union all select subject_id, start_date, end_date from social_care.protection_plan
    union all select subject_id, began, ended from period
), served as (
    select * from episode e where exists (
        select 1 from work w where w.subject_id = e.subject_id and w.began <= on_day()
            and w.began <= coalesce(e.closed, on_day()) and (w.ended is null or w.ended >= e.referral_date))
    qualify row_number() over (partition by subject_id order by referral_date desc, closed desc nulls first,
        referral_number desc nulls last) = 1
), seen as (
    select subject_id, visit_date as day from social_care.cin_visit where seen
    union all select subject_id, visit_date from social_care.protection_visit where seen
    union all select subject_id, visit_date from social_care.care_visit where seen
), last_seen as (
    select e.subject_id, max(s.day) as day from served e join seen s using (subject_id)
    where s.day between e.referral_date and coalesce(e.closed, on_day()) group by e.subject_id
)
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)", c.disability as "Does the Child have a Disability",
    e.referral_date as "CIN Start Date", coalesce(e.primary_need, 'N0') as "Primary Need Code",
    s.day as "Date Child Was Last Seen", e.closed as "CIN Closure Date", e.closure_reason as "Reason for Closure",
    case
        when coalesce(c.age, 0) < 18
            and exists (select 1 from period p where p.subject_id = c.subject_id and p.ended is null)
            then 'LOOKED AFTER CHILD'
        when exists (select 1 from social_care.protection_plan p where p.subject_id = c.subject_id
            and open_on_day(p.start_date, p.end_date)) then 'CHILD PROTECTION PLAN'
        when exists (select 1 from social_care.cin_plan p where p.subject_id = c.subject_id
            and open_on_day(p.start_date, p.end_date)) then 'CHILD IN NEED PLAN'
        when exists (select 1 from social_care.assessment a where a.subject_id = c.subject_id
            and open_on_day(a.start_date, a.authorised_date)) then 'OPEN ASSESSMENT'
        when e.closed is not null then 'CLOSED EPISODE'
    end as "Case Status",
    coalesce(l.team, t.name, e.team_no) as "Allocated Team",
    coalesce(l.worker, w.name, e.worker_no) as "Allocated Worker"
from served e join child c using (subject_id)
left join last_seen s using (subject_id)
left join allocated l using (subject_id)
left join team t on t.number = e.team_no
left join worker w on w.number = e.worker_no
