-- The second evaluator: what may go, cell by cell, as sets. Written from the sentences of the contract and the notice
-- (numbers in brackets). The tables asked, choice and hold are the requests as they came (second.py), the others what
-- second_law.sql made of the dated rows. A place in the result may go.
with
field as (select n, generate_subscripts(fields, 1) - 1 as place, unnest(fields) as field from asked),
dated as (  -- 29 February is 1 March in a common year when days are numbers: 20150229 < 20150301 [5]
  select
    a.*, s.begins as span, year(day) * 10000 + month(day) * 100 + day(day) as today,
    year(born) * 10000 + month(born) * 100 + day(born) as birthday,
    not regexp_full_match(need, '[\pZ\p{Cc}\p{Cf}]*') as need_said,
    not regexp_full_match(reference, '[\pZ\p{Cc}\p{Cf}]*') as reference_said,
    not regexp_full_match(officer, '[\pZ\p{Cc}\p{Cf}]*') as officer_said,
    not regexp_full_match(power, '[\pZ\p{Cc}\p{Cf}]*') as power_said
  from asked a join span s on s.begins <= a.day and a.day < s.ends
),
urgent as (  -- whatever age, consent, objection, agreement, link or reference say [18]
  select d.n, d.span, d.confidential
  from dated d
  semi join protects p on p.span = d.span and p.purpose = d.purpose and p.recipient = d.recipient
  semi join goes_at_once g on g.span = d.span and g.channel = d.channel
  semi join recipient r on r.span = d.span and r.slug = d.recipient
  where emergency and need_said
),
ordinary as (  -- the request as a whole may go the ordinary way; what is not known is null, and null is no [4]
  select d.*, r.objection
  from dated d
  join recipient r on r.span = d.span and r.slug = d.recipient
  semi join serves s on s.span = d.span and s.purpose = d.purpose and s.recipient = d.recipient
  semi join goes_by g on g.span = d.span and g.channel = d.channel and g.recipient = d.recipient
  where need_said  -- [19]
    and not (  -- any other recipient goes by an officer's override [18]
      emergency and exists (select 1 from protects p where p.span = d.span and p.purpose = d.purpose)
    )
    and case r.link  -- [9]
      when '' then true
      when 'enrolled_at' then list_contains(enrolled_at, body)
      when 'placed_with' then list_contains(placed_with, body)
      when 'applied_to' then list_contains(applied_to, body)
      when 'linked_councils' then list_contains(linked_councils, body)
    end
    and (r.age_from is null or (  -- [6, 7]
      today >= birthday + r.age_from * 10000
      and today < birthday + case when send then r.age_to_send else r.age_to end * 10000
    ))
    and (r.resident = 'no' or d.resident)  -- [8]
    and (r.agreement = 'no' or (  -- [4, 8]
      agreed_with = d.recipient and agreed_for = purpose and not suspended
      and agreed_from <= d.day and (agreed_to is null or d.day < agreed_to)
    ))
    and (r.reference = 'no' or reference_said)  -- [10]
    and (r.officer = 'no' or (officer_said and power_said))  -- [10]
),
said as (  -- by whoever has the right, in force today; null means all recipients or fields [4, 13, 14]
  select c.n, c.kind, c.fields, o.birthday, o.today, c.person,
    year(since) * 10000 + month(since) * 100 + day(since) as given
  from choice c join ordinary o using (n)
  where (c.recipient = o.recipient or (c.recipient is null and c.kind = 'objection'))
    and c.since <= o.day and (c.until is null or o.day < c.until)
    and (
      (o.birthday is null and c.kind = 'objection')
      or (c.person = 'parent' and o.today < o.birthday + 160000)
      or (c.person = 'young_person' and o.today >= o.birthday + 160000)
    )
),
yes as (  -- the young person's own consent is given on or after the 16th birthday [13]
  select n, unnest(fields) as field
  from said
  where kind = 'consent' and (person = 'parent' or given >= birthday + 160000)
),
no_to_all as (select n from said where kind = 'objection' and fields is null),
no_to_one as (select n, unnest(fields) as field from said where kind = 'objection'),
opened as (
  select f.n, f.place, f.field, o.confidential, o.objection
  from field f join ordinary o using (n)
  semi join field_now k on k.span = o.span and k.field = f.field  -- [11]
  join opens w on w.span = o.span and w.recipient = o.recipient and w.field = f.field
  where w."by" = 'law' or exists (select 1 from yes y where y.n = f.n and y.field = f.field)
)
select n, list(place) from (
select f.n, f.place  -- [18], a protected address excepted [15]
from field f join urgent u using (n)
semi join field_now k on k.span = u.span and k.field = f.field and k.core = 'yes'
where not (u.confidential and f.field = 'address')
union
select w.n, w.place  -- [12, 13, 14, 15]
from opened w
where not (w.confidential and w.field = 'address')
  and not exists (select 1 from hold h where h.n = w.n and (h.field is null or h.field = w.field))
  and (
    w.objection = 'decided apart'
    or not (
      exists (select 1 from no_to_all a where a.n = w.n)
      or exists (select 1 from no_to_one b where b.n = w.n and b.field = w.field)
    )
  )
) group by n
