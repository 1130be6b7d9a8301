-- Referrals received in the six months: one row for each. Earlier and later ones of the year are counted, not the row's own.
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)",
    r.referral_date as "Date of referral", coalesce(r.source, '10') as "Referral Source",
    yes_no(r.no_further_action) as "Referral NFA?", y.referrals - 1 as "Number of Referrals in Last 12 Months",
    coalesce(t.name, r.team_no, l.team) as "Allocated Team",
    coalesce(w.name, r.worker_no, l.worker) as "Allocated Worker"
from social_care.need_episode r join child c using (subject_id)
join (
    select subject_id, count(*) as referrals from social_care.need_episode where in_months(referral_date, 12)
    group by subject_id
) y using (subject_id)
left join allocated l using (subject_id)
left join team t on t.number = r.team_no
left join worker w on w.number = r.worker_no
where in_months(r.referral_date, 6)
