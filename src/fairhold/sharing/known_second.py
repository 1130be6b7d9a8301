"""The second evaluation of “known to us”: one query over the same dated rows. It shares no code with the first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from fairhold.engine import columns
from fairhold.governance import Book

if TYPE_CHECKING:
    import duckdb

Rows = Sequence[Mapping[str, str]]
_TABLES = {
    "policy_recipients": ("slug", "reference", "officer"),
    "policy_purposes": ("purpose", "when", "recipients"),
    "policy_known": ("recipient", "service", "purposes", "gateway"),
    "lawful_bases": ("id", "commenced"),
}
_KEYS = {
    "policy_recipients": "slug",
    "policy_purposes": 'purpose, "when"',
    "policy_known": "recipient, service",
    "lawful_bases": "id",
}

# Of the rows about one thing the newest in force counts; of two that begin on one day, the later placed.
_IN_FORCE = """
create table {name} as select * exclude (place, begins, until) from (
    select *, row_number() over (partition by {key} order by begins desc, place desc) as turn from {name}_rows
    where begins <= $day and (until = '' or $day < until)
) where turn = 1
"""
_MAY = """
select count(*) from policy_known k
join policy_recipients r on r.slug = k.recipient
join policy_purposes p on p.purpose = $purpose and p."when" = 'always'
    and list_contains(string_split(p.recipients, ' '), k.recipient)
where k.recipient = $recipient and k.service = $service and list_contains(string_split(k.purposes, ' '), $purpose)
    and exists (select 1 from lawful_bases l where l.commenced = 'yes'
        and list_contains(string_split(k.gateway, ' '), l.id))
    and regexp_matches($need, $word)
    and (r.reference = 'no' or regexp_matches($reference, $word))
    and (r.officer = 'no' or (regexp_matches($officer, $word) and regexp_matches($power, $word)))
"""
_ASKED = ("recipient", "service", "purpose", "need", "reference", "officer", "power")
_WORD = r"[^\p{Z}\p{Cc}\p{Cf}]"


def may_say(asked: Mapping[str, str], book: Book, day: str) -> bool:
    """Whether this body may learn the bit on an ISO date; `asked` has the names of `known.Asked`."""
    with _law(book, day).cursor() as database:
        told = {name: asked[name] for name in _ASKED}
        found = database.execute(_MAY, told | {"word": _WORD}).fetchone()
    return found is not None and found[0] > 0


@lru_cache(maxsize=4)
def _law(book: Book, day: str) -> duckdb.DuckDBPyConnection:
    """A database that holds what is in force on a day, and never anything of who asks."""
    database = columns.duck()
    for name, wanted in _TABLES.items():
        _load(database, name, wanted, book.rows[name])
        database.execute(_IN_FORCE.format(name=name, key=_KEYS[name]), {"day": day})
    return database


def _load(database: duckdb.DuckDBPyConnection, name: str, wanted: Sequence[str], rows: Rows) -> None:
    values = {f"c{place}": [row[column] for row in rows] for place, column in enumerate((*wanted, "from", "until"))}
    told = ", ".join(
        f'unnest($c{place}::varchar[]) as "{title}"' for place, title in enumerate((*wanted, "begins", "until"))
    )
    database.execute(f"create table {name}_rows as select unnest(range(len($c0))) as place, {told}", values)
