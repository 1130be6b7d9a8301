-- The second evaluator: what may go, cell by cell, as sets. Written from the sentences of the contract and the notice
-- (numbers in brackets). The tables asked, choice and hold are the requests as they came; law, known, serving, way, kept
-- and opening the dated rows of law and policy (second.py). A place in the result may go.
with
days as (select distinct day from asked),
-- Of the rows about one thing the newest in force on the day counts; of two that begin that day, the later placed.
law_now as (  -- [N083] no law counts that is not known to have begun
  select d.day, l.* from days d join law l
    on coalesce(l.begins <= d.day, true) and coalesce(d.day < l.until, true)
  qualify row_number() over (partition by d.day, id order by begins desc nulls last, place desc) = 1
),
recipient as (
  select d.day, k.* from days d join known k
    on coalesce(k.begins <= d.day, true) and coalesce(d.day < k.until, true)
  qualify row_number() over (partition by d.day, slug order by begins desc nulls last, place desc) = 1
),
serving_now as (
  select d.day, s.* from days d join serving s
    on coalesce(s.begins <= d.day, true) and coalesce(d.day < s.until, true)
  qualify row_number() over (partition by d.day, purpose, "when" order by begins desc nulls last, place desc) = 1
),
way_now as (
  select d.day, w.* from days d join way w
    on coalesce(w.begins <= d.day, true) and coalesce(d.day < w.until, true)
  qualify row_number() over (partition by d.day, channel order by begins desc nulls last, place desc) = 1
),
kept_now as (
  select d.day, k.* from days d join kept k
    on coalesce(k.begins <= d.day, true) and coalesce(d.day < k.until, true)
  qualify row_number() over (partition by d.day, field order by begins desc nulls last, place desc) = 1
),
opening_now as (
  select d.day, o.* from days d join opening o
    on coalesce(o.begins <= d.day, true) and coalesce(d.day < o.until, true)
  qualify row_number() over (
    partition by d.day, recipient, "by", part order by begins desc nulls last, place desc
  ) = 1
),
opens as (  -- [12, 13] the closed lists, as far as a law behind them is in force [N083]
  select distinct o.day, o.recipient, o."by", unnest(o.fields) as field
  from opening_now o
  where exists (
    select 1 from law_now l where l.day = o.day and l.commenced = 'yes' and list_contains(o.gateway, l.id)
  )
),
serves as (select day, purpose, unnest(recipients) as recipient from serving_now where "when" = 'always'),  -- [16]
protects as (select day, purpose, unnest(recipients) as recipient from serving_now where "when" = 'emergency'),  -- [18]
goes_by as (select day, channel, unnest(recipients) as recipient from way_now where never = 'no'),  -- [17]
goes_at_once as (select day, channel from way_now where never = 'no' and emergency = 'yes'),  -- [18]
core as (select day, field from kept_now where core = 'yes'),  -- [11]
field as (select n, day, generate_subscripts(fields, 1) - 1 as place, unnest(fields) as field from asked),
dated as (  -- 29 February is 1 March in a common year when days are numbers: 20150229 < 20150301 [5]
  select
    *, year(day) * 10000 + month(day) * 100 + day(day) as today,
    year(born) * 10000 + month(born) * 100 + day(born) as birthday,
    not regexp_full_match(coalesce(need, ''), '[\pZ\p{Cc}\p{Cf}]*') as need_said,
    not regexp_full_match(coalesce(reference, ''), '[\pZ\p{Cc}\p{Cf}]*') as reference_said,
    not regexp_full_match(coalesce(officer, ''), '[\pZ\p{Cc}\p{Cf}]*') as officer_said,
    not regexp_full_match(coalesce(power, ''), '[\pZ\p{Cc}\p{Cf}]*') as power_said
  from asked
),
urgent as (  -- whatever age, consent, objection, agreement, link or reference say [18]
  select d.n, d.confidential
  from dated d
  semi join protects using (day, purpose, recipient)
  semi join goes_at_once using (day, channel)
  semi join recipient r on r.day = d.day and r.slug = d.recipient
  where emergency and need_said
),
ordinary as (  -- the request as a whole may go the ordinary way
  select d.*, r.objection
  from dated d
  join recipient r on r.day = d.day and r.slug = d.recipient
  semi join serves s on s.day = d.day and s.purpose = d.purpose and s.recipient = d.recipient
  semi join goes_by g on g.day = d.day and g.channel = d.channel and g.recipient = d.recipient
  where need_said  -- [19]
    and not (  -- any other recipient goes by an officer's override [18]
      emergency and exists (select 1 from protects p where p.day = d.day and p.purpose = d.purpose)
    )
    and coalesce(  -- [9]
      case r.link
        when '' then true
        when 'enrolled_at' then list_contains(enrolled_at, body)
        when 'placed_with' then list_contains(placed_with, body)
        when 'applied_to' then list_contains(applied_to, body)
        when 'linked_councils' then list_contains(linked_councils, body)
      end,
      false
    )
    and (r.age_from is null or (  -- [6, 7]
      birthday is not null
      and today >= birthday + r.age_from * 10000
      and today < birthday + case when send then r.age_to_send else r.age_to end * 10000
    ))
    and (r.resident = 'no' or coalesce(d.resident, false))  -- [8]
    and (r.agreement = 'no' or coalesce(  -- [4, 8]
      agreed_with = d.recipient and agreed_for = purpose and not suspended
      and agreed_from <= d.day and (agreed_to is null or d.day < agreed_to), false
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
  select distinct n, unnest(fields) as field
  from said
  where kind = 'consent' and (person = 'parent' or given >= birthday + 160000)
),
no_to_all as (select distinct n from said where kind = 'objection' and fields is null),
no_to_one as (select distinct n, unnest(fields) as field from said where kind = 'objection'),
opened as (
  select f.n, f.place, f.field, o.confidential, o.objection
  from field f join ordinary o using (n) semi join kept_now k on k.day = o.day and k.field = f.field
  where exists (
      select 1 from opens w
      where w.day = o.day and w.recipient = o.recipient and w.field = f.field and w."by" = 'law'
    )
    or (
      exists (
        select 1 from opens w
        where w.day = o.day and w.recipient = o.recipient and w.field = f.field and w."by" = 'consent'
      )
      and exists (select 1 from yes y where y.n = f.n and y.field = f.field)
    )
)
select n, list(place) from (
select f.n, f.place  -- [18], a protected address excepted [15]
from field f join urgent u using (n) semi join core c on c.day = f.day and c.field = f.field
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
