"""Finding a child: by the beginnings of names, by UPN, by birth date. Only equality and ranges on one index.

Under row policies other operators would read the whole table, so each word becomes a token of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fairhold import catalogue, intake
from fairhold.access import Row, Scope, verb
from fairhold.facts import plain
from fairhold.facts.convert import british_date
from fairhold.formats import identifiers
from fairhold.record import population

LIMIT = 50
SHORTEST = 2  # letters of a name's beginning
_CURRENT = "{0}.known_until = 'infinity' and {0}.until_date = 'infinity'"


@dataclass(frozen=True)
class Hit:
    """One child found. `person` opens the record; school and year group as the purpose may see them."""

    person: int
    surname: str
    forename: str
    date_of_birth: date | None
    school: str | None
    year_group: str | None
    guard: int


@dataclass(frozen=True)
class Term:
    """One word of a search: a whole token, or the beginning of one (then `below` is the first token after)."""

    token: str
    below: str | None = None


def terms(text: str, *, numbers: bool = True) -> list[Term]:
    """The words of a search. A date is a birth date; a UPN counts only where the purpose may see numbers."""
    found = []
    for word in re.split(r"[\s,;]+", text.strip()):
        if born := british_date(word):
            found.append(Term(f"b:{born}"))
        elif identifiers.upn(word) is not identifiers.Upn.PATTERN:
            found += [Term(f"u:{identifiers.tidy(word)}")] if numbers else [Term("u:")]
        elif len(name := plain(word)) >= SHORTEST:
            found.append(Term(f"n:{name}", f"n:{name[:-1]}{chr(ord(name[-1]) + 1)}"))
    return found


def token_query(asked: Sequence[Term]) -> tuple[str, dict[str, str]]:
    """The SELECT of the subjects that have all the terms, and its parameters."""
    parts, values = [], {}
    for number, term in enumerate(asked):
        values[f"token{number}"] = term.token
        condition = f"token = %(token{number})s"
        if term.below is not None:
            values[f"below{number}"] = term.below
            condition = f"token ~>=~ %(token{number})s and token ~<~ %(below{number})s"
        parts.append(f"select subject_id from people.search_token where {condition}")
    return "\nintersect\n".join(parts), values


@verb("record.search")
def search(scope: Scope, *, text: str) -> list[Hit]:
    """Children for whom every word of `text` fits, at most fifty, by name. A word of one letter is not looked for.

    Whom the purpose may not be used for today is not among them.
    """
    asked = terms(text, numbers=scope.purpose.slug in catalogue.table("people.identifier").purposes)
    if not asked:
        scope.tell(rows=0)
        return []
    tokens, values = token_query(asked)
    found = scope.rows(_HITS.format(tokens=tokens), {**values, "limit": LIMIT})
    outside = population.outside(scope, {row["person"]: row["subjects"] for row in found})
    found = [row for row in found if row["person"] not in outside]
    scope.concerns(row["person"] for row in found)
    scope.tell(rows=len(found), words=len(asked), outside=len(outside))
    return [_hit(row) for row in found]


def _hit(row: Row) -> Hit:
    kept = {name: row[name] for name in Hit.__dataclass_fields__}
    return Hit(**{**kept, "surname": row["surname"] or "", "forename": row["forename"] or ""})


_HITS = f"""
with met as (select distinct subject_id from ({{tokens}}) t limit 2000),
persons as (
    select coalesce(m.person_id, met.subject_id) as person, min(met.subject_id) as subject_id,
        array_agg(met.subject_id) as subjects
    from met left join people.membership m on m.subject_id = met.subject_id group by 1
)
select p.person, p.subjects, n.surname, n.forename, n.guard, b.date_of_birth, e.school_name as school,
    y.nc_year as year_group
from persons p join people.name n on n.subject_id = p.subject_id and {_CURRENT.format("n")}
left join people.birth b on b.subject_id = p.subject_id and {_CURRENT.format("b")}
left join lateral (
    select school_name from education.enrolment e
    where e.subject_id = p.subject_id and e.known_until = 'infinity'
    order by e.leaving_date is null desc, e.entry_date desc limit 1
) e on true
left join education.year_group y on y.subject_id = p.subject_id and {_CURRENT.format("y")}
order by n.surname, n.forename, b.date_of_birth limit %(limit)s
"""

_NAMES = ("surname", "forename", "preferred_surname", "preferred_forename", "former_surname", "former_forename")
_WHOLE = " union ".join(f"select subject_id, guard, care, {name} as name from current_name" for name in _NAMES)
_REFRESH = f"""
with current_name as materialized (select * from people.name n join touched using (subject_id)
    where {_CURRENT.format("n")}),
names as ({_WHOLE}),
made as (
    select subject_id, guard, care, 'n:' || system.plain(name) as token from names where name is not null
    union
    select subject_id, guard, care, 'n:' || system.plain(word) from names, regexp_split_to_table(name, '[ -]+') as word
    where name ~ '[ -]'
    union
    select i.subject_id, i.guard, i.care, 'u:' || upper(i.value)
    from people.identifier i join touched using (subject_id)
    where i.kind in ('upn', 'former_upn') and i.known_until = 'infinity'
    union
    select b.subject_id, b.guard, b.care, 'b:' || b.date_of_birth from people.birth b join touched using (subject_id)
    where b.date_of_birth is not null and {_CURRENT.format("b")}
)
insert into people.search_token (subject_id, token, guard, care)
select subject_id, token, max(guard), bool_or(care) from made where length(token) > 2 group by subject_id, token
"""


def _refresh(scope: Scope, touched: str, values: Sequence[object]) -> int:
    scope.run("create temporary table if not exists touched (subject_id bigint primary key) on commit delete rows")
    scope.run("truncate touched")
    scope.run(f"insert into touched {touched}", values)
    scope.run("analyze touched")
    scope.run("delete from people.search_token where subject_id in (select subject_id from touched)")
    return scope.run(_REFRESH)


def refresh(scope: Scope, subjects: Sequence[int]) -> int:
    """Make the words of these subjects afresh."""
    return _refresh(scope, "select distinct unnest(%s::bigint[])", (list(subjects),))


@intake.after_storing
def follow(scope: Scope, deliveries: Sequence[int]) -> None:
    """Keep the words in step with what a delivery said, in its own transaction."""
    spoken_of = "select distinct subject_id from system.mention where delivery_id = any(%s)"
    _refresh(scope, spoken_of, (list(deliveries),))


@verb("record.rebuild-search")
def rebuild(scope: Scope) -> int:
    """Make all words afresh; returns how many there are."""
    made = _refresh(scope, "select id from system.subject", ())
    scope.tell(words=made)
    return made
