-- What the lists share: days counted back from the inspection, each child, its worker, and its time in care.
-- `subject` and the tables of the record hold what is known now; what happened after the day of the inspection is left out.

create macro months_back(n) as (on_day() - to_months(n))::date;
create macro by_then(day) as case when day <= on_day() then day end;
create macro in_months(day, n) as day between months_back(n) and on_day();
create macro open_in_months(began, ended, n) as began <= on_day() and (ended is null or ended >= months_back(n));
create macro open_on_day(began, ended) as began <= on_day() and (ended is null or ended > on_day());
-- Of a day, and not counting what happened on it.
create macro in_year_before(day, of) as day >= (of - to_years(1))::date and day < of;
create macro yes_no(told) as case when told then 'YES' when not told then 'NO' end;
create macro yes_no_unknown(told) as coalesce(yes_no(told), 'UNKNOWN');
create macro said_yes_no(code) as case upper(code) when 'Y' then 'YES' when 'YES' then 'YES' when 'N' then 'NO'
    when 'NO' then 'NO' end;
create macro abuse(code) as case upper(code) when 'NEG' then 'NEGLECT' when 'PHY' then 'PHYSICAL ABUSE'
    when 'SAB' then 'SEXUAL ABUSE' when 'EMO' then 'EMOTIONAL ABUSE' when 'MUL' then 'MULTIPLE/NOT RECOMMENDED'
    else upper(code) end;
-- Of several plans pursued side by side the first in the order of Ofsted's codes.
create macro pursues(options, plans) as regexp_matches(options, '"(' || plans || ')": *"Y"');
create macro permanence(options) as case
    when pursues(options, 'REMAINSUP|RETURN1M|RETURN6M|RETURNEV') then 'RETURN TO FAMILY'
    when pursues(options, 'ADOPTION') then 'ADOPTION'
    when pursues(options, 'SUPPLIV') then 'SUPPORTED LIVING IN THE COMMUNITY'
    when pursues(options, 'RESPLMT') then 'LONG-TERM RESIDENTIAL PLACEMENT'
    when pursues(options, 'LTFOST18|LTRELFR') then 'LONG-TERM FOSTERING'
    when pursues(options, 'OTHERPLN') then 'OTHER' end;

create temp table child as
select s.subject_id, s.child, b.date_of_birth as born,
    case when b.date_of_birth <= on_day() then age_on(b.date_of_birth, on_day()) end as age,
    case upper(coalesce(b.sex, 'U')) when 'M' then 'MALE' when '1' then 'MALE' when 'F' then 'FEMALE'
        when '2' then 'FEMALE' when 'I' then 'NEITHER' when 'U' then 'NOT STATED/RECORDED'
        when '0' then 'NOT STATED/RECORDED' when '9' then 'NOT STATED/RECORDED' else b.sex end as gender,
    coalesce(upper(e.ethnicity), 'UNKNOWN') as ethnicity,
    coalesce(d.disability, 'UNKNOWN') as disability
from subject s
left join people.birth b on b.subject_id = s.subject_id
left join people.ethnicity e on e.subject_id = s.subject_id
left join (
    select subject_id, case when bool_or(upper(code) <> 'NONE') then 'YES' else 'NO' end as disability
    from social_care.disability where code is not null group by subject_id
) d on d.subject_id = s.subject_id;

create temp view team as select number, coalesce(name, number) as name from staff where kind = 'team';
create temp view worker as select number, coalesce(name, number) as name from staff where kind = 'worker';

-- The team and worker involved last, by the day of the inspection.
create temp table allocated as
with involved as (
    select subject_id, worker_no, team_no, started, by_then(ended) as ended, record_no from social_care.involvement
    union all
    select subject_id, sw_id, null, started, by_then(ended), null from social_care.social_worker
    where subject_id not in (select subject_id from social_care.involvement where started <= on_day())
), last as (
    select * from involved where started <= on_day()
    qualify row_number() over (
        partition by subject_id order by ended desc nulls first, started desc, record_no desc nulls last, worker_no) = 1
)
select l.subject_id, coalesce(t.name, l.team_no) as team, coalesce(w.name, l.worker_no) as worker
from last l left join team t on t.number = l.team_no left join worker w on w.number = l.worker_no;

-- Episodes of care without short breaks, counted up: periods of care, stays with one carer, placements, legal statuses.
create temp table care as
with said as (
    select e.subject_id, e.started, e.rne, by_then(e.ended) as ended,
        case when e.ended <= on_day() then e.end_reason end as end_reason, e.need, e.entered_care, e.officer_contact,
        coalesce(e.legal_status, case when l.ended is null or l.ended > e.started then l.status end) as legal_status,
        coalesce(e.placement, p.placement) as placement, coalesce(e.provider, p.provider) as provider,
        coalesce(e.urn, p.urn) as urn, coalesce(a.placement_postcode, pa.postcode) as postcode
    from social_care.episode e
    asof left join social_care.legal_status l on l.subject_id = e.subject_id and l.started <= e.started
    left join social_care.placement p on p.subject_id = e.subject_id and p.record_no = e.placement_no
    left join social_care.placement_address pa on pa.subject_id = e.subject_id and pa.record_no = e.placement_no
    left join social_care.care_address a on a.subject_id = e.subject_id and a.started = e.started
        and a.rne is not distinct from e.rne
    where e.started <= on_day()
), counted as (
    select *, row_number() over of_child = 1 or rne = 'S' as new_period,
        lag(legal_status) over of_child is distinct from legal_status as new_status
    from said where coalesce(legal_status, '') not in ('V1', 'V3', 'V4')
    window of_child as (partition by subject_id order by started, rne desc)
)
select *, count(*) filter (where new_period) over so_far as period,
    count(*) filter (where new_period or rne in ('P', 'B')) over so_far as stay,
    count(*) filter (where new_period or rne in ('P', 'B', 'T', 'U')) over so_far as place,
    count(*) filter (where new_period or new_status) over so_far as status
from counted
window so_far as (partition by subject_id order by started, rne desc);

-- One row a period of care; `ended` is blank while it lasts.
create temp table period as
with last as (
    select *, case when end_reason is distinct from 'X1' then ended end as left_care from care
    qualify row_number() over (partition by subject_id, period order by started desc, rne) = 1
), whole as (
    select subject_id, period, coalesce(min(entered_care), min(started)) as began from care group by subject_id, period
), begun as (
    select subject_id, place, min(started) as place_began from care group by subject_id, place
), held as (
    select subject_id, status, min(started) as status_began from care group by subject_id, status
)
select l.subject_id, l.period, w.began, l.left_care as ended, case when l.left_care is not null then l.end_reason end
    as end_reason, l.need, l.legal_status, h.status_began, l.placement, l.provider, l.urn, l.postcode, b.place_began,
    by_then(l.officer_contact) as officer_contact
from last l join whole w using (subject_id, period) join begun b using (subject_id, place)
join held h using (subject_id, status);

-- Initial conferences, however they were told: each day once.
create temp table conference as
select distinct subject_id, day from (
    select subject_id, conference_date as day from social_care.conference
    union all select subject_id, conference_date from social_care.section_47
    union all select subject_id, conference_date from social_care.need_episode
) where day <= on_day();
