"""The rules as SQL over sets of subjects. What is compared lives in temporary tables, gone with the transaction.

Whoever the running purpose may not see takes no part. `touched` subjects are those that deliveries spoke of since the
last run; a pair is looked at when one of its two is touched.
"""

from __future__ import annotations

from fairhold.identity.domain import DETAILS, ENOUGH

_CURRENT = "{0}.known_until = 'infinity' and {0}.until_date = 'infinity'"

# Dropped at commit: pooled connections serve purposes whose database roles may not touch each other's tables.
STAGES = (
    "create temporary table if not exists match_key (subject_id bigint primary key, source_id bigint, upns text[],"
    " surname text, forename text, date_of_birth date, sex text, postcode text, guard smallint, touched boolean,"
    " twin boolean not null default false) on commit drop",
    "create temporary table if not exists match_pair (low bigint, high bigint, by_upn boolean, same_details boolean,"
    " agree text[], differ text[], missing text[], verdict text, primary key (low, high)) on commit drop",
    "truncate match_key, match_pair",
)

# Returns up to 2024 write 1 for male and 2 for female.
# Subjects that stand apart (adopted children) are left out here, and so from everything below.
KEYS = f"""
insert into match_key (subject_id, source_id, upns, surname, forename, date_of_birth, sex, postcode, guard, touched)
select s.id, s.source_id, coalesce(u.upns, '{{}}'), nullif(system.plain(n.surname), ''),
    nullif(system.plain(n.forename), ''), b.date_of_birth,
    case b.sex when '1' then 'M' when '2' then 'F' else b.sex end, nullif(system.plain(a.postcode), ''), s.guard,
    t.subject_id is not null
from system.subject s
left join people.name n on n.subject_id = s.id and {_CURRENT.format("n")}
left join people.birth b on b.subject_id = s.id and {_CURRENT.format("b")}
left join people.address a on a.subject_id = s.id and {_CURRENT.format("a")}
left join (
    select subject_id, array_agg(distinct value) as upns from people.identifier
    where kind in ('upn', 'former_upn') and known_until = 'infinity' and system.good_upn(value) group by subject_id
) u on u.subject_id = s.id
left join (select distinct subject_id from system.mention where delivery_id > %(after)s) t on t.subject_id = s.id
where not s.apart
on conflict do nothing
"""

# Brothers and sisters of one birth: same birth date and surname, same school or postcode, another forename, and no
# UPN in common (with one in common it is one child whose forename two sources write differently).
TWINS = """
update match_key k set twin = true where exists (
    select from match_key o where o.date_of_birth = k.date_of_birth and o.surname = k.surname
        and o.forename <> k.forename and (o.source_id = k.source_id or o.postcode = k.postcode)
        and o.subject_id <> k.subject_id and not o.upns && k.upns)
"""

# A twin known to another source by number alone is a twin there too.
TWINS_BY_NUMBER = """
with number as materialized (select subject_id, source_id, twin, unnest(upns) as upn from match_key)
update match_key k set twin = true from (
    select distinct n.subject_id from number n join number t on t.upn = n.upn and t.source_id <> n.source_id
    where t.twin and not n.twin
) alike where alike.subject_id = k.subject_id
"""

PAIRS = """
with number as materialized (select subject_id, source_id, touched, unnest(upns) as upn from match_key),
found as (
    select a.subject_id as low, b.subject_id as high, true as by_upn, false as same_details
    from number a join number b on a.upn = b.upn and a.subject_id < b.subject_id and a.source_id <> b.source_id
    where a.touched or b.touched
    union all
    select a.subject_id, b.subject_id, false, true
    from match_key a join match_key b on a.date_of_birth = b.date_of_birth and a.surname = b.surname
        and a.forename = b.forename and a.sex = b.sex and a.postcode = b.postcode
        and a.subject_id < b.subject_id and a.source_id <> b.source_id
    where a.touched or b.touched
)
insert into match_pair (low, high, by_upn, same_details)
select low, high, bool_or(by_upn), bool_or(same_details) from found f
where not exists (select from people.link l where l.low = f.low and l.high = f.high)
    and not exists (select from people.candidate c where c.low = f.low and c.high = f.high)
group by low, high
"""


def compare() -> str:
    """Fill in which details agree, differ or are missing; the UPN counts as differing only where both have one."""
    names = [*DETAILS, "postcode"]
    agree = [f"case when a.{name} = b.{name} then '{name}' end" for name in names]
    differ = [f"case when a.{name} <> b.{name} then '{name}' end" for name in names]
    missing = [f"case when a.{name} is null or b.{name} is null then '{name}' end" for name in names]
    agree.insert(0, "case when a.upns && b.upns then 'upn' end")
    differ.insert(0, "case when a.upns <> '{}' and b.upns <> '{}' and not a.upns && b.upns then 'upn' end")
    missing.insert(0, "case when a.upns = '{}' or b.upns = '{}' then 'upn' end")
    filled = ", ".join(
        f"{column} = array_remove(array[{', '.join(cases)}]::text[], null)"
        for column, cases in (("agree", agree), ("differ", differ), ("missing", missing))
    )
    return (
        f"update match_pair p set {filled} from match_key a, match_key b"
        " where a.subject_id = p.low and b.subject_id = p.high"
    )


# One verdict a pair: a step that joins, a doubt for a person, or null where the running purpose has no say.
VERDICT = f"""
update match_pair p set verdict = case
    when guarded then case when %(protecting)s then 'protected' end
    when %(protecting)s then null
    when p.by_upn and nameless and not p.agree @> array['date_of_birth', 'sex'] then 'details-disagree'
    when p.by_upn and not nameless and agreed = {ENOUGH - 1} then 'details-disagree'
    when p.by_upn and not nameless and agreed < {ENOUGH - 1} then 'one-number-two-children'
    when p.by_upn and twin then 'twin'
    when p.by_upn and nameless then 'number-birth-sex'
    when p.by_upn then 'number-and-details'
    when p.differ @> array['upn'] then 'two-numbers-one-child'
    when repeated then 'not-unique'
    when twin then 'twin'
    else 'details-and-postcode' end
from (
    select q.low, q.high, a.guard > 0 or b.guard > 0 as guarded, a.twin or b.twin as twin,
        a.surname is null or b.surname is null as nameless,
        (select count(*) from unnest(q.agree) as word where word = any(array{list(DETAILS)!r})) as agreed,
        exists (select from match_key o where o.subject_id not in (a.subject_id, b.subject_id)
            and o.source_id in (a.source_id, b.source_id) and o.date_of_birth = a.date_of_birth
            and o.surname = a.surname and o.forename = a.forename and o.sex = a.sex and o.postcode = a.postcode
        ) as repeated
    from match_pair q join match_key a on a.subject_id = q.low join match_key b on b.subject_id = q.high
) judged
where judged.low = p.low and judged.high = p.high
"""

STEPS = "('number-and-details', 'number-birth-sex', 'details-and-postcode')"

# The same source lists two children: no chain of links may make them one.
SAME_SOURCE = f"""
with recursive edge as (
    select low, high from match_pair where verdict in {STEPS}
    union select low, high from people.link where undone_at is null
), both_ways as (select low as one, high as other from edge union select high, low from edge),
reach (start, subject) as (
    select low, low from match_pair where verdict in {STEPS}
    union select r.start, e.other from reach r join both_ways e on e.one = r.subject
), crowded as (
    select r.start from reach r join system.subject s on s.id = r.subject
    group by r.start having count(*) > count(distinct s.source_id)
)
update match_pair p set verdict = 'two-of-one-source'
where p.verdict in {STEPS} and p.low in (select start from crowded)
"""

_EVIDENCE = "jsonb_build_object('agree', agree, 'differ', differ, 'missing', missing)"

LINK = f"""
insert into people.link (low, high, step, evidence, author, made_at, model)
select low, high, verdict, {_EVIDENCE}, 'rule', %(now)s, %(model)s from match_pair where verdict in {STEPS}
returning low, high, step
"""

DOUBT = f"""
insert into people.candidate (low, high, kind, evidence, guard, found_at)
select low, high, verdict, {_EVIDENCE}, case when %(protecting)s then 2 else 0 end, %(now)s
from match_pair where verdict not in {STEPS}
returning kind
"""
