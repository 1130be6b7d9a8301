-- The second evaluator's own reading of the dated rows of law and policy (numbers of the contract and the notice in
-- brackets): what is in force in each span between two days on which some row begins or ends. Run once for each book.
create table span as
with edge as (
  select date '0001-01-01' as begins
  union select begins from law union select until from law union select begins from known union select until from known
  union select begins from serving union select until from serving union select begins from way
  union select until from way union select begins from kept union select until from kept
  union select begins from opening union select until from opening
)
select begins, coalesce(lead(begins) over (order by begins), date 'infinity') as ends
from edge where begins is not null;

-- Of the rows about one thing the newest in force counts; of two that begin on one day, the later placed.
create table law_now as
select s.begins as span, l.* exclude (begins) from span s
join law l on coalesce(l.begins <= s.begins, true) and coalesce(s.begins < l.until, true)
qualify row_number() over (partition by s.begins, id order by l.begins desc nulls last, place desc) = 1;

create table recipient as
select s.begins as span, k.* exclude (begins) from span s
join known k on coalesce(k.begins <= s.begins, true) and coalesce(s.begins < k.until, true)
qualify row_number() over (partition by s.begins, slug order by k.begins desc nulls last, place desc) = 1;

create table serving_now as
select s.begins as span, v.* exclude (begins) from span s
join serving v on coalesce(v.begins <= s.begins, true) and coalesce(s.begins < v.until, true)
qualify row_number() over (partition by s.begins, purpose, "when" order by v.begins desc nulls last, place desc) = 1;

create table way_now as
select s.begins as span, w.* exclude (begins) from span s
join way w on coalesce(w.begins <= s.begins, true) and coalesce(s.begins < w.until, true)
qualify row_number() over (partition by s.begins, channel order by w.begins desc nulls last, place desc) = 1;

create table field_now as  -- [11]
select s.begins as span, k.* exclude (begins) from span s
join kept k on coalesce(k.begins <= s.begins, true) and coalesce(s.begins < k.until, true)
qualify row_number() over (partition by s.begins, field order by k.begins desc nulls last, place desc) = 1;

create table opening_now as
select s.begins as span, o.* exclude (begins) from span s
join opening o on coalesce(o.begins <= s.begins, true) and coalesce(s.begins < o.until, true)
qualify row_number() over (
  partition by s.begins, recipient, "by", part order by o.begins desc nulls last, place desc
) = 1;

-- [12, 13] the closed lists, as far as a law behind them is known to have begun and has not ended [N083]
create table opens as
select o.span, o.recipient, o."by", unnest(o.fields) as field
from opening_now o
where exists (
  select 1 from law_now l where l.span = o.span and l.commenced = 'yes' and list_contains(o.gateway, l.id)
);

create table serves as  -- [16]
select span, purpose, unnest(recipients) as recipient from serving_now where "when" = 'always';

create table protects as  -- [18]
select span, purpose, unnest(recipients) as recipient from serving_now where "when" = 'emergency';

create table goes_by as  -- [17]
select span, channel, unnest(recipients) as recipient from way_now where never = 'no';

create table goes_at_once as  -- [18]
select span, channel from way_now where never = 'no' and emergency = 'yes';
