-- Children who were adopted in the year, whose plan for adoption ended in it, or who have one and are not yet adopted:
-- one row for each decision that a child should be placed for adoption.
with decision as (
    select subject_id, decision_date as day from social_care.permanence
    union select subject_id, date_int from social_care.adoption
    union select subject_id, date_placed from social_care.placed_adoption
), told as (
    select d.subject_id, d.day,
        coalesce(any_value(p.reversed_date), any_value(a.date_ceased)) as reversed,
        coalesce(any_value(p.reversed_reason), any_value(a.reason_ceased)) as reversed_reason,
        any_value(p.placement_order_date) as placement_order, any_value(p.early_placed_date) as early_placed,
        coalesce(any_value(p.matched_date), any_value(m.date_match)) as matched,
        any_value(p.placed_date) as placed,
        any_value(case when p.order_type is null or p.order_type ilike '%adopt%' then p.order_date end) as adopted
    from decision d
    left join social_care.permanence p on p.subject_id = d.subject_id and p.decision_date = d.day
    left join social_care.adoption m on m.subject_id = d.subject_id and m.date_int = d.day
    left join social_care.placed_adoption a on a.subject_id = d.subject_id and a.date_placed = d.day
    where d.day <= on_day() group by all
), cared as (
    select t.subject_id, t.day, max(e.ended) filter (where e.end_reason in ('E11', 'E12')) as adopted,
        min(e.started) filter (where e.placement in ('A3', 'A4', 'A5', 'A6')) as placed
    from told t join care e using (subject_id) where coalesce(e.ended, on_day()) >= t.day group by t.subject_id, t.day
), whole as (
    select t.*, by_then(coalesce(t.adopted, e.adopted)) as adoption, by_then(t.reversed) as over,
        by_then(coalesce(t.placed, e.placed)) as with_adopters
    from told t left join cared e using (subject_id, day)
)
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)", c.disability as "Does the Child have a Disability",
    (select max(p.began) from period p where p.subject_id = c.subject_id and p.began <= w.day)
        as "Date the Child Entered Care",
    w.day as "Date of Decision that Child Should be Placed for Adoption",
    by_then(w.placement_order) as "Date of Placement Order",
    by_then(w.matched) as "Date of Matching Child and Prospective Adopters",
    w.with_adopters as "Date Placed for Adoption", w.adoption as "Date of Adoption Order",
    w.over as "Date of Decision that Child Should No Longer be Placed for Adoption",
    case when w.over is not null then w.reversed_reason end as "Reason Why Child No Longer Placed for Adoption",
    by_then(w.early_placed) as "Date the child was placed for fostering in FFA or concurrent planning placement"
from whole w join child c using (subject_id)
where case when w.adoption is not null then w.adoption >= months_back(12)
    when w.over is not null then w.over >= months_back(12) else true end
