"""Breaks one rule on purpose in a share of the rows of this year's return, a different child each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random

from fairhold.dates.birthdays import birthday
from fairhold.synth.care import Course
from fairhold.synth.care_rules import NO_NUMBER, Line, Sheets, _all_year, parse
from fairhold.synth.care_tables import text
from fairhold.synth.world import World

# what a chance to break a rule is: the children it touches, the row that carries it, and the act
Chance = tuple[tuple[Course, ...], tuple[str, Line], Callable[[Random], tuple[str, str, str]]]


def _set(line: Line, column: str, value: str) -> tuple[str, str, str]:
    true = line[column]
    line.row[column] = value
    return column, true, value


def _sex(s: Sheets) -> Iterator[Chance]:
    for line in s.tables["Header"]:
        yield (line.course,), ("Header", line), lambda rng, one=line: _set(one, "SEX", rng.choice(("", "X")))


def _plan(s: Sheets) -> Iterator[Chance]:
    early = text(s.start - timedelta(days=40))
    for line in s.tables["PlacedAdoption"]:
        yield (line.course,), ("PlacedAdoption", line), lambda _, one=line: _set(one, "DATE_PLACED_CEASED", early)


def _end_reason(s: Sheets) -> Iterator[Chance]:
    for line in s.tables["Episodes"]:
        if line["REC"]:
            yield (line.course,), ("Episodes", line), lambda _, one=line: _set(one, "REC", "")


def _score(s: Sheets) -> Iterator[Chance]:
    episodes = s.by_child("Episodes")
    for line in s.tables["OC2"]:
        born = line.day("DOB")
        aged = born and birthday(born, 4) <= s.start and birthday(born, 17) > s.end
        if aged and _all_year(s, episodes.get(line["CHILD"], [])):
            yield (line.course,), ("OC2", line), lambda _, one=line: _no_score(one)


def _no_score(line: Line) -> tuple[str, str, str]:
    line.row["SDQ_REASON"] = ""
    return _set(line, "SDQ_SCORE", "")


def _asylum(s: Sheets) -> Iterator[Chance]:
    for line in s.tables["Header"]:
        born = line.day("DOB")
        if born and birthday(born, 11) > s.end and not line.course.asylum:
            yield (line.course,), ("UASC", made := _asylum_row(line)), lambda _, one=made: _add(s, one)


def _asylum_row(header: Line) -> Line:
    return Line(header.course, {"CHILD": header["CHILD"], "SEX": header["SEX"], "DOB": header["DOB"], "DUC": ""})


def _add(s: Sheets, line: Line) -> tuple[str, str, str]:
    s.tables["UASC"].append(line)
    return "CHILD", "", line["CHILD"]


def _late_start(s: Sheets) -> Iterator[Chance]:
    headers = {line["CHILD"]: line for line in s.tables["Header"]}
    for line in s.tables["Episodes"]:
        first, header = line.day("DECOM"), headers.get(line["CHILD"])
        if line["RNE"] == "S" and first and header and header["DOB"]:
            born = text(first.replace(year=first.year - 18, day=min(first.day, 28)) - timedelta(days=31))
            yield (line.course,), ("Header", header), lambda _, one=header, day=born: _set(one, "DOB", day)


def _police(s: Sheets) -> Iterator[Chance]:
    for rows in s.by_child("Episodes").values():
        for place, (_, line) in enumerate(rows):
            around = [one for _, one in rows[max(0, place - 1) : place + 2]]
            after = rows[place + 1][1]["RNE"] if place + 1 < len(rows) else ""
            first, last = line.day("DECOM"), line.day("DEC")
            lone = "L1" not in [one["LS"] for one in around] and "L" not in {line["RNE"], after}
            if lone and first and last and (last - first).days > 3:
                yield (line.course,), ("Episodes", line), lambda _, one=line: _set(one, "LS", "L1")


def _status_only(s: Sheets) -> Iterator[Chance]:
    for rows in s.by_child("Episodes").values():
        for place, (_, line) in enumerate(rows):
            if place and line["RNE"] == "P" and line["LS"] == rows[place - 1][1]["LS"]:
                yield (line.course,), ("Episodes", line), lambda _, one=line: _set(one, "RNE", "L")


def _number(s: Sheets) -> Iterator[Chance]:
    real = [line for line in s.tables["Header"] if line["UPN"] and line["UPN"] not in NO_NUMBER]
    for one, other in zip(real[::2], real[1::2], strict=False):
        act = lambda _, a=one, b=other: _set(a, "UPN", b["UPN"])  # noqa: E731 - one of many short acts
        yield (one.course, other.course), ("Header", one), act


def _carried(s: Sheets) -> Iterator[Chance]:
    before = s.before.by_child("Episodes") if s.before else {}
    for child, rows in s.by_child("Episodes").items():
        last, line = before.get(child, []), rows[0][1]
        if last and not last[-1][1]["DEC"] and last[-1][1]["RNE"] == line["RNE"]:
            other = "P" if line["RNE"] == "T" else "T"
            yield (line.course,), ("Episodes", line), lambda _, one=line, code=other: _set(one, "RNE", code)


def _not_in_care(s: Sheets) -> Iterator[Chance]:
    episodes = s.by_child("Episodes")
    for line in s.tables["Missing"]:
        rows = episodes.get(line["CHILD"])
        if rows and (first := rows[0][1].day("DECOM")):
            day = text(first - timedelta(days=9))
            yield (line.course,), ("Missing", line), lambda _, one=line, away=day: _set(one, "MIS_START", away)


def _no_date(s: Sheets) -> Iterator[Chance]:
    for line in s.tables["Missing"]:
        if parse(line["MIS_END"]):
            act = lambda rng, one=line: _set(one, "MIS_END", rng.choice(("31/02/2027", "2027-01-05")))  # noqa: E731
            yield (line.course,), ("Missing", line), act


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


def plant(world: World, sheets: Sheets) -> list[tuple[int, str, Line]]:
    """Break rules in turn until the share of rows is reached. Returns (fault, table, line) for the key."""
    rng = world.rng("fault", "rule_fault_903")
    wanted = world.planted("rule_fault_903", sum(len(rows) for rows in sheets.tables.values()))
    chances = {code: list(find(sheets)) for code, find in BREAKS.items()}
    for several in chances.values():
        rng.shuffle(several)
    used = {line.course.id for rows in sheets.tables.values() for line in rows if line.course.held}
    planted: list[tuple[int, str, Line]] = []
    while len(planted) < wanted and any(chances.values()):
        for code, several in chances.items():
            if len(planted) < wanted and (chance := _next(several, used)) is not None:
                planted.append(_act(world, rng, code, chance))
                used |= {course.id for course in chance[0]}
    return planted


def _next(several: list[Chance], used: set[int]) -> Chance | None:
    while several:
        chance = several.pop()
        if not any(course.id in used for course in chance[0]):
            return chance
    return None


def _act(world: World, rng: Random, code: str, chance: Chance) -> tuple[int, str, Line]:
    courses, (table, line), act = chance
    column, true, written = act(rng)
    where = ("social-care", courses[0].id, courses[0].child.id)
    world.fault("rule_fault_903", where, f"{table}.{column}", (true, written), f"rule {code}")
    return world.faults[-1].id, table, line
