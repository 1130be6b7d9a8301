"""Breaks one rule on purpose in a share of the rows of this year's return, a different child each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from fairhold.dates.birthdays import birthday
from fairhold.synth.care import Course
from fairhold.synth.care_rules import NO_NUMBER, Line, Sheets, all_year, parse
from fairhold.synth.care_tables import text
from fairhold.synth.world import World


@dataclass(slots=True)
class Chance:
    """A chance to break a rule: write one of `written` under `column` of a line; `new` lines are added to the table."""

    line: Line
    table: str
    column: str
    written: tuple[str, ...]
    also_blank: str = ""
    other: Course | None = None
    new: bool = False

    @property
    def courses(self) -> list[Course]:
        """The children it touches."""
        return [self.line.course, *([self.other] if self.other else [])]


def _sex(s: Sheets) -> Iterator[Chance]:
    return (Chance(line, "Header", "SEX", ("", "X")) for line in s.tables["Header"])


def _plan(s: Sheets) -> Iterator[Chance]:
    early = text(s.start - timedelta(days=40))
    return (Chance(line, "PlacedAdoption", "DATE_PLACED_CEASED", (early,)) for line in s.tables["PlacedAdoption"])


def _end_reason(s: Sheets) -> Iterator[Chance]:
    return (Chance(line, "Episodes", "REC", ("",)) for line in s.tables["Episodes"] if line["REC"])


def _score(s: Sheets) -> Iterator[Chance]:
    episodes = s.by_child("Episodes")
    for line in s.tables["OC2"]:
        born = line.day("DOB")
        aged = born and birthday(born, 4) <= s.start and birthday(born, 17) > s.end
        if aged and all_year(s, episodes.get(line["CHILD"], [])):
            yield Chance(line, "OC2", "SDQ_SCORE", ("",), also_blank="SDQ_REASON")


def _asylum(s: Sheets) -> Iterator[Chance]:
    for line in s.tables["Header"]:
        born = line.day("DOB")
        if born and birthday(born, 11) > s.end and not line.course.asylum:
            row = {name: line[name] for name in ("CHILD", "SEX", "DOB")}
            yield Chance(Line(line.course, row), "UASC", "CHILD", (line["CHILD"],), new=True)


def _late_start(s: Sheets) -> Iterator[Chance]:
    headers = {line["CHILD"]: line for line in s.tables["Header"]}
    for line in s.tables["Episodes"]:
        first, header = line.day("DECOM"), headers.get(line["CHILD"])
        if line["RNE"] == "S" and first and header and header["DOB"]:
            born = first.replace(year=first.year - 18, day=min(first.day, 28)) - timedelta(days=31)
            yield Chance(header, "Header", "DOB", (text(born),))


def _police(s: Sheets) -> Iterator[Chance]:
    for rows in s.by_child("Episodes").values():
        for place, (_, line) in enumerate(rows):
            around = [one for _, one in rows[max(0, place - 1) : place + 2]]
            after = rows[place + 1][1]["RNE"] if place + 1 < len(rows) else ""
            first, last = line.day("DECOM"), line.day("DEC")
            lone = "L1" not in [one["LS"] for one in around] and "L" not in {line["RNE"], after}
            if lone and first and last and (last - first).days > 3:
                yield Chance(line, "Episodes", "LS", ("L1",))


def _status_only(s: Sheets) -> Iterator[Chance]:
    for rows in s.by_child("Episodes").values():
        for place, (_, line) in enumerate(rows):
            if place and line["RNE"] == "P" and line["LS"] == rows[place - 1][1]["LS"]:
                yield Chance(line, "Episodes", "RNE", ("L",))


def _number(s: Sheets) -> Iterator[Chance]:
    real = [line for line in s.tables["Header"] if line["UPN"] and line["UPN"] not in NO_NUMBER]
    for one, other in zip(real[::2], real[1::2], strict=False):
        yield Chance(one, "Header", "UPN", (other["UPN"],), other=other.course)


def _carried(s: Sheets) -> Iterator[Chance]:
    before = s.before.by_child("Episodes") if s.before else {}
    for child, rows in s.by_child("Episodes").items():
        last, line = before.get(child, []), rows[0][1]
        if last and not last[-1][1]["DEC"] and last[-1][1]["RNE"] == line["RNE"]:
            yield Chance(line, "Episodes", "RNE", ("P" if line["RNE"] == "T" else "T",))


def _not_in_care(s: Sheets) -> Iterator[Chance]:
    episodes = s.by_child("Episodes")
    for line in s.tables["Missing"]:
        rows = episodes.get(line["CHILD"])
        if rows and (first := rows[0][1].day("DECOM")):
            yield Chance(line, "Missing", "MIS_START", (text(first - timedelta(days=9)),))


def _no_date(s: Sheets) -> Iterator[Chance]:
    for line in s.tables["Missing"]:
        if parse(line["MIS_END"]):
            yield Chance(line, "Missing", "MIS_END", (f"31/02/{s.end.year}", f"{s.end.year}-01-05"))


BREAKS: dict[str, Callable[[Sheets], Iterator[Chance]]] = {
    "101": _sex,
    "118": _plan,
    "148": _end_reason,
    "186": _score,
    "231": _asylum,
    "352": _late_start,
    "361": _police,
    "434": _status_only,
    "444": _number,
    "503A": _carried,
    "578": _not_in_care,
    "1005": _no_date,
}


def plant(world: World, sheets: Sheets) -> None:
    """Break rules in turn until the share of rows is reached; each broken line carries the number of its fault."""
    rng = world.rng("fault", "rule_fault_903")
    wanted = world.planted("rule_fault_903", sum(len(rows) for rows in sheets.tables.values()))
    chances = {code: list(find(sheets)) for code, find in BREAKS.items()}
    for several in chances.values():
        rng.shuffle(several)
    used = {line.course.id for rows in sheets.tables.values() for line in rows if line.course.held}
    while wanted and any(chances.values()):
        for code, several in chances.items():
            if wanted and (chance := _next(several, used)) is not None:
                _break(world, rng, sheets, code, chance)
                used |= {course.id for course in chance.courses}
                wanted -= 1


def _next(several: list[Chance], used: set[int]) -> Chance | None:
    while several:
        chance = several.pop()
        if not any(course.id in used for course in chance.courses):
            return chance
    return None


def _break(world: World, rng: Random, sheets: Sheets, code: str, chance: Chance) -> None:
    line, written = chance.line, rng.choice(chance.written)
    true = "" if chance.new else line[chance.column]
    line.row[chance.column] = written
    if chance.also_blank:
        line.row[chance.also_blank] = ""
    if chance.new:
        sheets.tables[chance.table].append(line)
    where = ("social-care", line.course.id, line.course.child.id)
    world.fault("rule_fault_903", where, f"{chance.table}.{chance.column}", (true, written), f"rule {code}")
    line.fault = world.faults[-1].id
