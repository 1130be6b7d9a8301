"""What the postcodes and the provider's number of an episode stand for: columns worked out from reference data.

PL_LA, PL_LOCATION and PL_DISTANCE are as the official guidance has them: the upper-tier authority of the placement's
postcode (SCO, NIR, WAL beyond England), inside or outside the authority that sends the return, and the miles between
home and placement as the crow flies, to one decimal.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from fairhold.returns.reference import POSTCODES, PREFIX, PROVIDERS, TABLES
from fairhold.returns.reference.lookup import key
from fairhold.rulebook.beside import Job

HOME, PLACED, URN = "HOME_POST", "PL_POST", "URN"
SOURCES: Final = (HOME, PLACED, URN)
Supplied = Mapping[str, frozenset[str]]


class Made(NamedTuple):
    """A column: its SQL over an episode `e` and what is joined to it; the columns and kinds of data it is made of."""

    sql: str
    columns: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def _found(given: str, match: str) -> str:
    return f"case when {given} then case when {match} is null then '0' else '1' end end"


def _plain(column: str) -> str:
    """SQL for a postcode as it is looked up; what was loaded is in capitals already."""
    return f"replace(e.\"{column}\", ' ', '')"


_METRES: Final = "sqrt(pow(h.easting::double - p.easting::double, 2) + pow(h.northing::double - p.northing::double, 2))"
MADE: Final = {
    "KNOWN_UASC": Made("case when k.child is null then '0' else '1' end"),
    "HOME_POST_FOUND": Made(_found(f'e."{HOME}" is not null', "h.code"), (HOME,), (POSTCODES,)),
    "PL_POST_FOUND": Made(_found(f'e."{PLACED}" is not null', "p.code"), (PLACED,), (POSTCODES,)),
    "PL_LA": Made("p.area", (PLACED,), (POSTCODES,)),
    "PL_LOCATION": Made(
        "case when p.authority is null then null when p.area = {la} then 'IN' else 'OUT' end", (PLACED,), (POSTCODES,)
    ),
    "PL_DISTANCE": Made(
        f"cast(cast(round({_METRES} / 1000 / 1.6093, 1) as decimal(9, 1)) as varchar)", (HOME, PLACED), (POSTCODES,)
    ),
    "URN_FOUND": Made(_found(f"e.\"{URN}\" <> 'XXXXXXX'", "v.urn"), (URN,), (PROVIDERS,)),
    "URN_PLACES": Made("v.places", (URN,), (PROVIDERS,)),
    "URN_PROVIDERS": Made("v.providers", (URN,), (PROVIDERS,)),
    "URN_POSTCODE": Made("v.postcode", (URN,), (PROVIDERS,)),
    "URN_CLOSED": Made("v.closed", (URN,), (PROVIDERS,)),
    "URN_LA": Made("w.area", (URN,), (PROVIDERS, POSTCODES)),
}
JOINS: Final = {
    "k": 'left join known_uasc k on k.child = e."CHILD"',
    "h": f"left join place h on h.code = {_plain(HOME)}",
    "p": f"left join place p on p.code = {_plain(PLACED)}",
    "v": f'left join {PREFIX}provider v on v.urn = e."{URN}"',
    "w": "left join place w on w.code = v.postcode",
}
NEEDED_BY: Final = {"w": "v"}


def supplied(columns: frozenset[str], given: Supplied) -> set[str]:
    """The columns that can be worked out for a table of episodes with these columns."""
    there = {kind for kind, tables in TABLES.items() if all(PREFIX + table in given for table in tables)}
    return {name for name, made in MADE.items() if made.kinds and columns >= {*made.columns} and there >= {*made.kinds}}


def prepare(con: Any, episodes: Mapping[str, set[str]], given: Supplied) -> None:
    """Look up the postcodes of these tables and of their providers, each once, in a table `place`."""
    texts = []
    for table, columns in episodes.items():
        used = {source for name in columns if POSTCODES in MADE[name].kinds for source in MADE[name].columns}
        texts += [f'select {_plain(column)} as code from "{table}" e' for column in sorted(used - {URN})]
        if URN in used:
            texts.append(f'select v.postcode as code from "{table}" e {JOINS["v"]}')
    if texts:
        con.execute(
            "create table place as"
            f" with sent as (select distinct code from ({' union all '.join(texts)})),"
            f" keyed as materialized (select code, {key('code')} as key from sent)"
            " select s.code, p.authority, a.area, p.easting, p.northing"
            f" from keyed s join {PREFIX}postcode p on p.key = s.key"
            f" left join {PREFIX}authority a on a.number = p.authority"
        )


def filling(table: str, columns: set[str], la: str) -> Job:
    """What fills these columns of a table of episodes. `la` sends the return."""
    code = "'" + la.replace("'", "''") + "'"
    made = {name: MADE[name].sql.replace("{la}", code) for name in sorted(columns)}
    aliases = {alias for alias in JOINS if any(f"{alias}." in sql for sql in made.values())}
    aliases |= {NEEDED_BY[alias] for alias in aliases if alias in NEEDED_BY}
    joins = " ".join(join for alias, join in JOINS.items() if alias in aliases)
    values = ", ".join(f'{sql} as "{name}"' for name, sql in made.items())
    sql = f'create or replace table "{table}" as select e.* replace ({values}) from "{table}" e {joins}'
    return Job(lambda con: con.execute(sql))
