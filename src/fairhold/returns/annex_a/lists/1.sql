-- Contacts received in the six months: one row for each child of a contact.
select c.subject_id, c.child as "Child Unique ID", c.gender as "Gender", c.ethnicity as "Ethnicity",
    c.born as "Date of Birth", c.age as "Age of Child (Years)",
    k.contact_date as "Date of Contact", coalesce(k.source, '10') as "Contact Source"
from social_care.contact k join child c using (subject_id)
where in_months(k.contact_date, 6)
