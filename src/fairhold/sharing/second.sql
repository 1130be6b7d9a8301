-- The second evaluator: what may go, cell by cell, as sets. Written from the sentences of the contract and the notice
-- (numbers in brackets), not from the policy tables the first evaluator reads. The tables asked and choice hold the
-- requests as they came (second.py); a place in the result may go.
with
field as (select n, generate_subscripts(fields, 1) - 1 as place, unnest(fields) as field from asked),
core (field) as (values ('name'), ('address'), ('date_of_birth')),  -- [11]
basic (recipient) as (values  -- who has the core without consent [12]
  ('youth-support'), ('careers-adviser'), ('post-16-provider'), ('dfe'), ('school'), ('early-years-provider'),
  ('ap-provider'), ('health'), ('police'), ('other-council'), ('immigration'), ('youth-justice'), ('cafcass'),
  ('placement-provider')
),
without_consent as (  -- [12]
  select recipient, field from basic, core
  union all
  values
    ('school', 'upn'), ('school', 'sex'), ('school', 'ethnicity'), ('school', 'language'), ('school', 'year_group'),
    ('dfe', 'upn'), ('dfe', 'sex'), ('dfe', 'ethnicity'), ('dfe', 'language'), ('dfe', 'fsm'), ('dfe', 'year_group'),
    ('ofsted', 'date_of_birth'), ('ofsted', 'sex'), ('ofsted', 'ethnicity'),
    ('research', 'sex'), ('research', 'year_group'), ('research', 'attendance_band'), ('research', 'send_support')
),
from_thirteen_or_sixteen (recipient, first) as (  -- [7]
  values ('youth-support', 13), ('careers-adviser', 13), ('post-16-provider', 16)
),
relevant (field) as (values  -- the closed list of what supports a young person [13]
  ('school'), ('year_group'), ('attendance_band'), ('send_support'), ('planned_destination')
),
with_consent as (  -- [13]
  select recipient, field from from_thirteen_or_sixteen, relevant
  union all
  select 'charity', field from core
),
serves (purpose, recipient) as (values  -- [16]
  ('youth-support', 'youth-support'), ('careers-advice', 'careers-adviser'), ('post-16-provision', 'post-16-provider'),
  ('statutory-collection', 'dfe'), ('inspection', 'ofsted'), ('education-provision', 'school'),
  ('education-provision', 'early-years-provider'), ('education-provision', 'ap-provider'), ('safeguarding', 'health'),
  ('safeguarding', 'police'), ('safeguarding', 'other-council'), ('safeguarding', 'immigration'),
  ('crime-prevention', 'police'), ('youth-justice', 'youth-justice'), ('court-work', 'cafcass'),
  ('placement', 'placement-provider'), ('research', 'research'), ('child-service', 'charity')
),
goes_by (recipient, channel) as (values  -- [17]
  ('youth-support', 'sftp'), ('youth-support', 'portal'), ('careers-adviser', 'sftp'), ('careers-adviser', 'portal'),
  ('post-16-provider', 'sftp'), ('post-16-provider', 'portal'), ('early-years-provider', 'sftp'),
  ('early-years-provider', 'portal'), ('ap-provider', 'sftp'), ('ap-provider', 'portal'), ('research', 'sftp'),
  ('research', 'portal'), ('dfe', 'collect'), ('dfe', 's2s'), ('ofsted', 'ofsted-portal'), ('health', 'nhs-mail'),
  ('police', 'secure-mail'), ('youth-justice', 'secure-mail'), ('cafcass', 'secure-mail'),
  ('immigration', 'secure-mail'), ('school', 's2s'), ('school', 'portal'), ('other-council', 's2s'),
  ('other-council', 'secure-mail'), ('other-council', 'sftp'), ('placement-provider', 'portal'),
  ('placement-provider', 'secure-mail'), ('charity', 'portal')
),
protectors (recipient) as (values  -- who can keep a child from harm [18]
  ('police'), ('health'), ('other-council'), ('school'), ('early-years-provider'), ('ap-provider'), ('youth-justice'),
  ('cafcass'), ('placement-provider'), ('youth-support'), ('charity')
),
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
  select n, confidential
  from dated semi join protectors using (recipient)
  where emergency and purpose = 'safeguarding' and need_said
    and channel in ('phone', 'secure-mail', 'nhs-mail', 'sftp', 'portal', 's2s')
),
ordinary as (  -- the request as a whole may go the ordinary way
  select d.*
  from dated d
  semi join serves using (purpose, recipient)
  semi join goes_by using (recipient, channel)
  left join from_thirteen_or_sixteen f using (recipient)
  where need_said  -- [19]
    and not (emergency and purpose = 'safeguarding')  -- any other recipient goes by an officer's override [18]
    and coalesce(  -- [9]
      case
        when recipient in ('school', 'early-years-provider') then list_contains(enrolled_at, body)
        when recipient in ('ap-provider', 'placement-provider') then list_contains(placed_with, body)
        when recipient = 'post-16-provider' then list_contains(applied_to, body)
        when recipient = 'other-council' then list_contains(linked_councils, body)
        else true
      end,
      false
    )
    and (f.first is null or (  -- [6, 7]
      birthday is not null
      and today >= birthday + f.first * 10000
      and today < birthday + case when send then 250000 else 200000 end
    ))
    and (recipient <> 'youth-justice' or (  -- [6, 7]
      birthday is not null and today >= birthday + 100000 and today < birthday + 180000
    ))
    and (recipient not in ('youth-support', 'careers-adviser') or coalesce(resident, false))  -- [8]
    and (recipient not in ('youth-support', 'careers-adviser', 'research') or coalesce(  -- [4, 8]
      agreed_with = recipient and agreed_for = purpose and not suspended
      and agreed_from <= day and (agreed_to is null or day < agreed_to), false
    ))
    and (  -- [10]
      reference_said
      or recipient not in ('dfe', 'ofsted', 'health', 'police', 'cafcass', 'youth-justice', 'immigration')
    )
    and (recipient not in ('police', 'immigration') or (officer_said and power_said))  -- [10]
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
  select f.n, f.place, f.field, o.recipient, o.confidential
  from field f join ordinary o using (n)
  where exists (select 1 from without_consent w where w.recipient = o.recipient and w.field = f.field)
    or (
      exists (select 1 from with_consent w where w.recipient = o.recipient and w.field = f.field)
      and exists (select 1 from yes y where y.n = f.n and y.field = f.field)
    )
)
select n, list(place) from (
select f.n, f.place  -- [18], a protected address excepted [15]
from field f join urgent u using (n) semi join core using (field)
where not (u.confidential and f.field = 'address')
union
select w.n, w.place  -- [12, 13, 14, 15]
from opened w
where not (w.confidential and w.field = 'address')
  and (
    w.recipient in (
      'dfe', 'ofsted', 'health', 'police', 'other-council', 'youth-justice', 'cafcass', 'immigration'
    )
    or not (
      exists (select 1 from no_to_all a where a.n = w.n)
      or exists (select 1 from no_to_one b where b.n = w.n and b.field = w.field)
    )
  )
) group by n
