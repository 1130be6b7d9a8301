"""Counts every measure for every year the facts allow: exact figures, which go no further than `publishing`.

Measures of one year and last day are answered side by side into one table of things counted; the groups of all of them
are then counted in one go.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from fairhold.dates.holidays import known_in
from fairhold.engine import settings
from fairhold.insight import domain
from fairhold.insight.domain import ALL, EACH, MEAN, MEDIAN, UNKNOWN, Measure
from fairhold.insight.tables import RETURN
from fairhold.release import Cell, Side
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import CompiledRule
from fairhold.rulebook.functions import definitions
from fairhold.rulebook.running import Context, ask

RAW, CUT = "raw", "cut"  # prefixes of columns: the value a breakdown goes by, and the group it falls into
ABOUT: Final = "about_child"
_AGE: Final = (
    "case when a.born > c.day then 'unborn' when a.age < 1 then 'under-1' when a.age < 5 then '1-4'"
    " when a.age < 10 then '5-9' when a.age < 16 then '10-15' when a.age < 18 then '16-17'"
    " when a.age is not null then '18+' end"
)
_OF_CHILD: Final = {"age": _AGE, "sex": "a.sex", "ethnicity": "a.ethnicity"}


@dataclass(frozen=True)
class Counted:
    """One group of a measure and year as counted. `amount` is the sum (of a mean) or the middle (of a median)."""

    cell: Cell
    amount: float | None = None


@dataclass
class Counts:
    """What a run counted. By (measure, year): groups by (breakdown, group), the last day, or why there is none."""

    found: dict[tuple[str, int], dict[tuple[str, str], Counted]] = field(default_factory=dict)
    until: dict[tuple[str, int], date] = field(default_factory=dict)
    not_run: dict[tuple[str, int], str] = field(default_factory=dict)

    def proof(self, code: str, year: int) -> bytes:
        """A hash of everything counted for a measure and year."""
        cells = sorted(
            (*key, repr(one.cell), None if one.amount is None else round(one.amount, 6))
            for key, one in self.found[code, year].items()
        )
        return hashlib.sha256(json.dumps(cells).encode()).digest()


def count(con: Any, plan: Mapping[int, Mapping[str, date]]) -> Counts:
    """Count measures over the facts in `con`: `plan` says for each year which, and up to which day."""
    counts = Counts()
    if not any(plan.values()):
        return counts
    raw = "".join(f", {RAW}_{name} varchar" for name in _own_cuts())
    con.execute(
        "create table counted (measure varchar, year integer, thing bigint, child bigint, day date, met boolean,"
        f" amount double{raw})"
    )
    con.execute(definitions("duckdb", ["age_on"]))
    for year, measures in plan.items():
        for day in sorted(set(measures.values())):
            chosen = [domain.find(code) for code, until in measures.items() if until == day]
            _answer(con, chosen, year, day, counts)
    _group(con)
    _gather(con, counts)
    return counts


def _answer(con: Any, chosen: Iterable[Measure], year: int, day: date, counts: Counts) -> None:
    rules = load(RETURN).year(year)
    by_code = {one.code: one for one in chosen}
    able = [rule for rule in rules.rules if rule.code in by_code]
    context = Context(year, "", known_in(year), settings.threads(), day)
    refused = ask(
        con, rules, able, context, statement=lambda rule: _insertion(by_code[rule.code], rule, year), also=[ABOUT]
    )
    for code in by_code:
        key = code, year
        if code in refused:
            counts.not_run[key] = refused[code]
        elif all(rule.code != code for rule in able):
            counts.not_run[key] = f"its definition does not hold for the year to 31 March {year}"
        else:
            counts.until[key] = day
            counts.found[key] = {}


def _own_cuts() -> list[str]:
    """Every breakdown that goes by a column of the measure's own query."""
    return sorted(set(domain.breakdowns()) - {*domain.STANDARD})


def _insertion(one: Measure, rule: CompiledRule, year: int) -> str:
    """Put what a measure counts into the table of things counted."""
    met = "m.met" if "met" in rule.outputs else "true"
    amount = "m.amount" if "amount" in rule.outputs else "null"
    own = [name for name in one.cuts if name not in domain.STANDARD]
    values = ["m.category" if name == one.categories else f"m.{name}" for name in own]
    columns, asked = "".join(f", {RAW}_{name}" for name in own), "".join(f", {value}" for value in values)
    return (
        f"insert into counted (measure, year, thing, child, day, met, amount{columns})"
        f" select '{one.code}', {year}, m.\"{one.counts}\", m.child, m.day, coalesce({met}, false), {amount}{asked}"
        f" from ({rule.sql}) m"
    )


def _group(con: Any) -> None:
    """Say of everything counted which group it falls into, in each breakdown its measure has."""
    columns = []
    for name in sorted(domain.breakdowns()):
        having = ", ".join(f"'{one.code}'" for one in domain.measures().values() if name in one.cuts)
        group = _group_of(name, _OF_CHILD.get(name, f"c.{RAW}_{name}"))
        columns.append(f"case when c.measure in ({having}) then {group} end as {CUT}_{name}")
    con.execute(
        f"create table grouped as"
        f" with about as (select child, day, born, sex, ethnicity, age_on(born, day) as age"
        f" from (select distinct child, day from counted) join {ABOUT} using (child))"
        f" select c.measure, c.year, c.thing, c.child, c.met, c.amount, {', '.join(columns)}"
        " from counted c left join about a on a.child = c.child and a.day = c.day"
    )


def _group_of(name: str, value: str) -> str:
    """SQL for the group a value falls into; what no group lists is not known."""
    tests = []
    for group in domain.breakdowns()[name].groups:
        whole = ", ".join(f"'{code}'" for code in group.codes if not code.endswith("*"))
        starts = [f"starts_with({value}, '{code[:-1]}')" for code in group.codes if code.endswith("*")]
        said = " or ".join([*([f"{value} in ({whole})"] if whole else []), *starts])
        tests.append(f"when {said} then '{group.name}'")
    return f"case {' '.join(tests)} else '{UNKNOWN}' end"


def _gather(con: Any, counts: Counts) -> None:
    """Count all groups of all measures and years at once."""
    cuts = sorted(domain.breakdowns())
    sets = ", ".join(["(measure, year)", *(f"(measure, year, {CUT}_{name})" for name in cuts)])
    named = " ".join(f"when grouping({CUT}_{name}) = 0 then '{name}'" for name in cuts)
    group = ", ".join(f"{CUT}_{name}" for name in cuts)
    rows = con.execute(
        f"select measure, year, case {named} else '' end as breakdown, coalesce({group}, '') as grp,"
        " count(distinct thing) filter (met), count(distinct child) filter (met), count(*) filter (met),"
        " count(*) filter (not met), count(distinct child) filter (not met), sum(amount), median(amount)"
        f" from grouped group by grouping sets ({sets})"
    ).fetchall()
    for code, year, breakdown, name, different, met_children, met, rest, rest_children, total, middle in rows:
        one = domain.find(code)
        if breakdown and (breakdown not in one.cuts or not name):
            continue
        things = different if one.unit == EACH else met  # an episode with several factors is one episode
        asked = Side(rest, rest_children) if one.unit == domain.PERCENT else None
        amount = {MEAN: total, MEDIAN: middle}.get(one.unit)
        counts.found[code, year][breakdown, name] = Counted(Cell(Side(things, met_children), asked), amount)
    for (code, _), groups in counts.found.items():
        _complete(domain.find(code), groups)


def _complete(one: Measure, groups: dict[tuple[str, str], Counted]) -> None:
    """Give every group of every breakdown a count, nought where nothing fell into it: a gap would tell something."""
    nothing = Counted(Cell(Side(), Side() if one.unit == domain.PERCENT else None))
    groups.setdefault((ALL, ALL), nothing)
    for name in one.cuts:
        for group in (*(each.name for each in domain.breakdowns()[name].groups), UNKNOWN):
            groups.setdefault((name, group), nothing)
