-- Early help under way at some time in the six months. The record holds episodes of early help, not assessments.
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)",
    e.start_date as "Assessment start date", by_then(e.end_date) as "Assessment completion date",
    e.organisation as "Organisation completing assessment"
from early_help.episode e join child c using (subject_id)
where open_in_months(e.start_date, e.end_date, 6)
