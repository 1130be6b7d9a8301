"""What the shipped SSDA903 rules must find, worked out a second way: plain Python, row by row, from the rules' prose.

It shares nothing with the rulebook, so that the answer key and `fairhold check` can disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise

from fairhold.dates.birthdays import birthday
from fairhold.synth.care import Course

NO_NUMBER = ("UN1", "UN2", "UN3", "UN4", "UN5")
SHORT_BREAKS = ("V3", "V4")


@dataclass(slots=True)
class Line:
    """One row of a table. `extra` is a surplus cell, which makes the row one that is set aside."""

    course: Course
    row: dict[str, str]
    extra: str = ""
    copied: bool = False
    fault: int = 0

    def __getitem__(self, column: str) -> str:
        return self.row.get(column, "")

    def day(self, column: str) -> date | None:
        """The cell as a date; None when blank or no date."""
        return parse(self[column])


@dataclass(slots=True)
class Sheets:
    """One year's set: its last day, its tables, and the set of the year before if there is one."""

    end: date
    tables: dict[str, list[Line]] = field(default_factory=dict)
    before: Sheets | None = None

    @property
    def start(self) -> date:
        """The 1 April the year began."""
        return self.end.replace(year=self.end.year - 1) + timedelta(days=1)

    def numbered(self, table: str) -> list[tuple[int, Line]]:
        """The good rows of a table with their numbers, counted from 1 over all rows."""
        return [(n, line) for n, line in enumerate(self.tables.get(table, ()), start=1) if not line.extra]

    def by_child(self, table: str) -> dict[str, list[tuple[int, Line]]]:
        """The good rows child by child; episodes in the order of their start dates."""
        found: dict[str, list[tuple[int, Line]]] = {}
        for n, line in self.numbered(table):
            found.setdefault(line["CHILD"], []).append((n, line))
        if table == "Episodes":
            for rows in found.values():
                rows.sort(key=lambda item: (item[1].day("DECOM") or date.max, item[0]))
        return found


Hit = tuple[str, int]  # table and row number
Found = Iterator[list[Hit]]


def parse(text: str) -> date | None:
    """A date written dd/mm/yyyy and nothing else."""
    if len(text) != 10:
        return None
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        return None


def _101(s: Sheets) -> Found:
    return ([("Header", n)] for n, h in s.numbered("Header") if h["SEX"] not in {"M", "F", "U"})


def _118(s: Sheets) -> Found:
    episodes = s.by_child("Episodes")
    for n, plan in s.numbered("PlacedAdoption"):
        real = [(m, e) for m, e in episodes.get(plan["CHILD"], ()) if e["LS"] not in SHORT_BREAKS]
        ceased, began = plan.day("DATE_PLACED_CEASED"), real[0][1].day("DECOM") if real else None
        if real and ceased and ceased < max(began or s.start, s.start):
            yield [("Episodes", real[0][0]), ("PlacedAdoption", n)]


def _148(s: Sheets) -> Found:
    return ([("Episodes", n)] for n, e in s.numbered("Episodes") if bool(e["DEC"]) != bool(e["REC"]))


def all_year(s: Sheets, rows: list[tuple[int, Line]]) -> bool:
    """Continuously looked after: touched by an episode, none begun, ended for good or a short break in the year."""
    touched = False
    for _, e in rows:
        first, last = e.day("DECOM"), e.day("DEC")
        touches = first is not None and first <= s.end and (last is None or last >= s.start)
        touched = touched or touches
        began = e["RNE"] == "S" and first is not None and s.start < first <= s.end
        ended = e["REC"] != "X1" and last is not None and s.start <= last < s.end
        if began or ended or (touches and e["LS"] in SHORT_BREAKS):
            return False
    return touched


def _186(s: Sheets) -> Found:
    episodes = s.by_child("Episodes")
    for n, health in s.numbered("OC2"):
        born = health.day("DOB")
        if born is None or health["SDQ_SCORE"] or health["SDQ_REASON"]:
            continue
        aged = birthday(born, 4) <= s.start and birthday(born, 17) > s.end
        if aged and all_year(s, episodes.get(health["CHILD"], [])):
            yield [("OC2", n)]


def _231(s: Sheets) -> Found:
    asylum = {line["CHILD"] for _, line in s.numbered("UASC")}
    for n, header in s.numbered("Header"):
        born = header.day("DOB")
        if born and header["CHILD"] in asylum and birthday(born, 11) > s.end:
            yield [("Header", n)]


def _352(s: Sheets) -> Found:
    headers = s.by_child("Header")
    for n, e in s.numbered("Episodes"):
        first = e.day("DECOM")
        for _, header in headers.get(e["CHILD"], ()):
            born = header.day("DOB")
            if e["RNE"] == "S" and first and born and first >= birthday(born, 18):
                yield [("Episodes", n)]


def _361(s: Sheets) -> Found:
    for rows in s.by_child("Episodes").values():
        run: list[tuple[int, Line]] = []
        for item in [i for i in rows if i[1]["LS"] == "L1" and i[1].day("DECOM")]:
            if run and (run[-1][1].day("DEC") or s.end) != item[1].day("DECOM"):
                yield from _too_long(s, run)
                run = []
            run.append(item)
        yield from _too_long(s, run)


def _too_long(s: Sheets, run: list[tuple[int, Line]]) -> Found:
    days = [(line.day("DECOM") or s.end, line.day("DEC") or s.end) for _, line in run]
    if days and (max(last for _, last in days) - min(first for first, _ in days)).days > 3:
        yield [("Episodes", n) for n, _ in run]


def _434(s: Sheets) -> Found:
    same = ("PLACE", "PL_POST", "URN", "PLACE_PROVIDER")
    for rows in s.by_child("Episodes").values():
        for (_, one), (n, two) in pairwise(rows):
            moved = any(one[column] != two[column] for column in same)
            if two["RNE"] == "L" and (moved or one["LS"] == two["LS"]):
                yield [("Episodes", n)]


def _444(s: Sheets) -> Found:
    shared: dict[str, list[Hit]] = {}
    for n, header in s.numbered("Header"):
        if header["UPN"] and header["UPN"] not in NO_NUMBER:
            shared.setdefault(header["UPN"], []).append(("Header", n))
    return (hits for hits in shared.values() if len(hits) > 1)


def _503a(s: Sheets) -> Found:
    if s.before is None:
        return
    before = s.before.by_child("Episodes")
    for child, rows in s.by_child("Episodes").items():
        last = before.get(child, [])
        if last and not last[-1][1]["DEC"] and last[-1][1]["RNE"] != rows[0][1]["RNE"]:
            yield [("Episodes", rows[0][0])]


def _periods(rows: list[tuple[int, Line]]) -> list[tuple[date, date]]:
    periods: list[tuple[date, date]] = []
    for _, e in rows:
        first, last = e.day("DECOM"), e.day("DEC") or date.max
        if first and periods and first <= periods[-1][1]:
            periods[-1] = (periods[-1][0], last)
        elif first:
            periods.append((first, last))
    return periods


def _578(s: Sheets) -> Found:
    episodes = s.by_child("Episodes")
    for n, missing in s.numbered("Missing"):
        away, periods = missing.day("MIS_START"), _periods(episodes.get(missing["CHILD"], []))
        if away and periods and all(away < first or away > last for first, last in periods):
            yield [("Missing", n)]


def _1005(s: Sheets) -> Found:
    return ([("Missing", n)] for n, m in s.numbered("Missing") if m["MIS_END"] and m.day("MIS_END") is None)


RULES: dict[str, Callable[[Sheets], Found]] = {
    "101": _101,
    "118": _118,
    "148": _148,
    "186": _186,
    "231": _231,
    "352": _352,
    "361": _361,
    "434": _434,
    "444": _444,
    "503A": _503a,
    "578": _578,
    "1005": _1005,
}


def findings(sheets: Sheets) -> Iterator[tuple[str, list[Hit]]]:
    """Every fault of every shipped rule: the rule, and the rows that together make the fault."""
    for rule, find in RULES.items():
        for hits in find(sheets):
            yield rule, sorted(hits)
