-- Assessments under way at some time in the six months: one row for each.
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)", c.disability as "Does the Child have a Disability",
    a.start_date as "Continuous Assessment Start Date",
    yes_no_unknown(a.child_seen) as "Child Seen During Continuous Assessment",
    by_then(a.authorised_date) as "Continuous Assessment Date of Authorisation",
    case when a.authorised_date <= on_day() then yes_no(not a.no_further_action) end
        as "Was the child assessed as requiring LA children's social care support?",
    coalesce(t.name, a.team_no, l.team) as "Allocated Team",
    coalesce(w.name, a.worker_no, l.worker) as "Allocated Worker"
from social_care.assessment a join child c using (subject_id)
left join allocated l using (subject_id)
left join team t on t.number = a.team_no
left join worker w on w.number = a.worker_no
where open_in_months(a.start_date, a.authorised_date, 6)
