-- Children in care now, or who ceased to be looked after in the six months: one row a child, of the newest period of care.
with now as (
    select * from period where ended is null or ended >= months_back(6)
    qualify row_number() over (partition by subject_id order by period desc) = 1
), review as (
    select p.subject_id, max(r.review_date) as day from now p join social_care.review r using (subject_id)
    where r.cancelled is distinct from true and r.review_date between p.began and coalesce(p.ended, on_day())
    group by p.subject_id
), visit as (
    select p.subject_id, max(v.visit_date) as day from now p join social_care.care_visit v using (subject_id)
    where v.visit_date between p.began and coalesce(p.ended, on_day()) group by p.subject_id
), health as (
    select p.subject_id, max(h.check_date) filter (where h.kind ilike 'health%') as assessed,
        max(h.check_date) filter (where h.kind ilike 'dental%') as dental
    from now p join social_care.health_check h using (subject_id)
    where coalesce(h.status, 'Completed') ilike 'completed'
        and h.check_date between p.began and coalesce(p.ended, on_day()) group by p.subject_id
), pursued as (
    select p.subject_id, l.options from now p join social_care.permanence_plan l using (subject_id)
    where l.started between p.began and coalesce(p.ended, on_day())
    qualify row_number() over (partition by p.subject_id order by l.started desc, l.record_no desc nulls last) = 1
), placed as (
    select subject_id, count(distinct stay) as stays from care where open_in_months(started, ended, 12)
    group by subject_id
), missing as (
    select subject_id, count(*) filter (where kind = 'M') as missing, count(*) filter (where kind = 'A') as absent
    from social_care.missing where in_months(mis_start, 12) group by subject_id
), back as (
    select subject_id, interview_offered, interview_accepted from social_care.missing
    where kind = 'M' and in_months(mis_start, 12) and mis_end <= on_day()
    qualify row_number() over (partition by subject_id order by mis_start desc, number desc nulls last) = 1
), alone as (
    select subject_id from social_care.uasc where ended is null or ended >= months_back(12)
    union select subject_id from social_care.immigration_status
    where upper(status) like '%UASC%' and open_in_months(coalesce(started, on_day()), ended, 12)
)
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)",
    yes_no(c.subject_id in (select subject_id from alone))
        as "Unaccompanied Asylum Seeking Child (UASC) within the Last 12 Months (Y/N)",
    c.disability as "Does the Child have a Disability", p.began as "Date Started to be Looked After",
    p.need as "Child's Category of Need",
    yes_no(exists (select 1 from period o where o.subject_id = p.subject_id and o.period < p.period
        and o.ended >= months_back(12)))
        as "Is this a second or subsequent period of being a Looked After Child within the last 12 months (Y/N)",
    p.status_began as "Start date of current legal status", p.legal_status as "Child's Legal Status",
    r.day as "Date of Latest Statutory Review", v.day as "Date of Last Social Work Visit",
    permanence(u.options) as "What is the permanence plan for this child?",
    p.officer_contact as "Date of Last IRO Visit / Contact to the Child",
    h.assessed as "Date of Last Health Assessment", h.dental as "Date of Last Dental Check",
    coalesce(s.stays, 0) as "Number of Placements in the Last 12 months",
    p.ended as "Date Ceased to be Looked After", p.end_reason as "Reason Ceased to be Looked After",
    p.place_began as "Start Date of Most Recent Placement", p.placement as "Placement Type",
    p.provider as "Placement Provider", p.postcode as "Placement postcode", p.urn as "URN of Placement",
    case when z.inside then 'IN' when not z.inside then 'OUT' end as "Placement Location",
    z.authority as "LA of Placement",
    coalesce(m.missing, 0)
        as "Number of Episodes the Child has been 'Missing' from their Placement in the last 12 months",
    coalesce(m.absent, 0)
        as "Number of Episodes the Child has been 'Absent' from their Placement in the last 12 months",
    said_yes_no(b.interview_offered)
        as "Was the child offered a Return Interview after their last missing episode (Y/N)?",
    said_yes_no(b.interview_accepted)
        as "Did the child accept a Return Interview after their last missing episode (Y/N)?",
    l.team as "Allocated Team", l.worker as "Allocated Worker"
from now p join child c using (subject_id)
left join review r using (subject_id)
left join visit v using (subject_id)
left join health h using (subject_id)
left join pursued u using (subject_id)
left join placed s using (subject_id)
left join missing m using (subject_id)
left join back b using (subject_id)
left join place z on z.postcode = p.postcode
left join allocated l using (subject_id)
