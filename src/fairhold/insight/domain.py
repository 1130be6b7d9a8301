"""What a measure is: its page with its unit, period, and the groups its figures are broken down by."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Final

from fairhold.errors import PlainError
from fairhold.insight.tables import RETURN
from fairhold.rulebook import manual
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import CompiledRule, Document, RuleError, RuleSet

COUNT, PERCENT, RATE, SHARE, EACH, MEAN, MEDIAN = "count", "%", "per 10,000", "share", "share of each", "mean", "median"
YEAR, DAY, NOW = "year", "day", "now"
PERIODS: Final = {YEAR: "in the year to 31 March", DAY: "on 31 March", NOW: "as the record stands"}
ALL: Final = ""  # the breakdown that is none
UNKNOWN: Final = "not-known"
STANDARD: Final = ("age", "sex", "ethnicity")  # worked out for the child; other breakdowns are columns of the query


class MeasureError(PlainError):
    """What was asked of measures cannot be done: what is wrong, and what to do."""


@dataclass(frozen=True)
class Group:
    """One group of a breakdown, with the codes that fall into it; `A*` stands for all that begin with A."""

    name: str
    label: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Breakdown:
    """A way to break figures down, with its groups in the order they are shown; what fits none is not known."""

    name: str
    title: str
    groups: tuple[Group, ...]

    def label(self, group: str) -> str:
        """What a group is called."""
        return next((one.label for one in self.groups if one.name == group), "Not known")


@dataclass(frozen=True)
class Measure:
    """One measure. `unit` is one of those above; `of` says of what a mean or median is (months).

    `history` is how many years of which table must be held, the year itself included. `categories` names the groups
    that a share is of; `digest` stands for its definition: query, views and groups.
    """

    document: Document
    compiled: CompiledRule
    area: str
    kpi: str
    unit: str
    of: str
    period: str
    counts: str
    numerator: str
    denominator: str
    breakdowns: tuple[str, ...]
    categories: str
    history: tuple[int, str]
    digest: str

    @property
    def code(self) -> str:
        """Its code."""
        return self.document.code

    @property
    def title(self) -> str:
        """Its title."""
        return self.document.title

    @property
    def cuts(self) -> tuple[str, ...]:
        """Every breakdown its figures come in, the categories of a share among them."""
        return (*((self.categories,) if self.categories else ()), *self.breakdowns)

    @property
    def unit_words(self) -> str:
        """The unit of its figure as people read it; of a mix of shares the figure is the number of all."""
        words = {COUNT: "number", RATE: "for 10,000 children", SHARE: "number", EACH: "number"}
        return f"{self.unit} {self.of}" if self.of else words.get(self.unit, self.unit)

    @property
    def is_mix(self) -> bool:
        """Whether it gives the shares of groups."""
        return self.unit in (SHARE, EACH)

    @property
    def is_count(self) -> bool:
        """Whether its figure is nothing but how many were counted."""
        return self.unit in (COUNT, SHARE, EACH)

    @property
    def grows(self) -> bool:
        """Whether its figure grows through the year, so that a year that runs cannot be compared with whole ones."""
        return self.period == YEAR and (self.is_count or self.unit == RATE)


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of one of this room's data files."""
    text = (resources.files("fairhold.insight") / "data" / f"{name}.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def breakdowns() -> dict[str, Breakdown]:
    """Every breakdown by name."""
    found: dict[str, list[Group]] = {}
    titles = {}
    for row in read_csv("groups"):
        codes = tuple(row["codes"].split()) or (row["group"],)
        found.setdefault(row["breakdown"], []).append(Group(row["group"], row["label"], codes))
        titles[row["breakdown"]] = row["title"]
    return {name: Breakdown(name, titles[name], tuple(groups)) for name, groups in found.items()}


@cache
def measures() -> dict[str, Measure]:
    """Every measure by code, in the order of the indicators they answer."""
    rules = load(RETURN)
    compiled = {rule.code: rule for rule in rules.rules}
    order = {(row["area"], row["kpi"]): place for place, row in enumerate(read_csv("indicators"))}
    found = [
        _measure(document, compiled[document.code], rules)
        for document in manual.documents(RETURN)
        if not document.is_view
    ]
    found.sort(key=lambda one: (order.get((one.area, one.kpi), len(order)), one.title))
    return {one.code: one for one in found}


def find(code: str) -> Measure:
    """The measure of that code; MeasureError when there is none."""
    try:
        return measures()[code]
    except KeyError:
        raise MeasureError(f"There is no measure {code}: see fairhold measures list.") from None


def _measure(document: Document, compiled: CompiledRule, rules: RuleSet) -> Measure:
    told = document.told
    unit, _, of = told["unit"].partition(" ") if told["unit"].split()[0] in (MEAN, MEDIAN) else (told["unit"], "", "")
    years, _, table = told.get("history", "1").partition(" ")
    cuts = [name.strip() for name in told.get("breakdowns", "").strip("[]").split(",") if name.strip()]
    made = Measure(
        document=document,
        compiled=compiled,
        area=told["area"],
        kpi=told["kpi"],
        unit=unit,
        of=of,
        period=told["period"],
        counts=told["counts"],
        numerator=told["numerator"],
        denominator=told.get("denominator", ""),
        breakdowns=tuple(cuts),
        categories=told.get("categories", ""),
        history=(int(years), table),
        digest=_digest(document, compiled, rules),
    )
    _fit(made)
    return made


def _digest(document: Document, compiled: CompiledRule, rules: RuleSet) -> str:
    views = [(view.name, view.sql) for view in rules.views if view.name in (*compiled.views, "about_child")]
    told = [*sorted(document.told.items()), compiled.sql, views, read_csv("groups")]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _fit(one: Measure) -> None:
    """Refuse a page whose words do not go together."""
    wanted = {"day", "child", one.counts}
    wanted |= {PERCENT: {"met"}, MEAN: {"amount"}, MEDIAN: {"amount"}}.get(one.unit, set())
    wanted |= {"category"} if one.categories else set()
    wanted |= set(one.breakdowns) - {*STANDARD}
    said = {
        f"has the unit {one.unit}": one.unit in (COUNT, PERCENT, RATE, SHARE, EACH, MEAN, MEDIAN),
        f"has the period {one.period}": one.period in PERIODS,
        f"gives {', '.join(one.compiled.outputs)} and not {', '.join(sorted(wanted))}": wanted
        == {*one.compiled.outputs},
        "names groups that no file lists": {*one.cuts} <= breakdowns().keys(),
        "is a share without categories": (one.unit in (SHARE, EACH)) == bool(one.categories),
        "has no denominator": bool(one.denominator) == (one.unit not in (COUNT, MEDIAN)),
    }
    for what, right in said.items():
        if not right:
            raise RuleError(f"{one.document.path.name}: {what}; correct its front matter or its query.")


def ending(day: date) -> int:
    """The year to 31 March that a day lies in: 2027 from 1 April 2026 on."""
    return day.year + (day.month > 3)


def first_day(year: int) -> date:
    """The 1 April with which a year begins."""
    return date(year - 1, 4, 1)


def last_day(year: int) -> date:
    """The 31 March with which a year ends."""
    return date(year, 3, 31)
