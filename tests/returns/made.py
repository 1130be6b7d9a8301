"""A made-up SSDA903 set of every table, this year's and last year's, that breaks none of the rules shipped."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from fairhold.formats import ssda903
from fairhold.formats.identifiers import check_letter
from fairhold.formats.ssda903 import writer

Row = dict[str, str]
Set = dict[str, list[Row]]
START, END = date(2026, 4, 1), date(2027, 3, 31)
MIDDLE = date(2026, 9, 15)


def day(value: date) -> str:
    return value.strftime("%d/%m/%Y")


def made_set(children: int, seed: int = 1) -> tuple[Set, Set]:
    """This year's and last year's tables of so many made-up children."""
    chance = random.Random(seed)
    this: Set = {name: [] for name in ssda903.tables()}
    last: Set = {name: [] for name in ssda903.tables()}
    for number in range(1, children + 1):
        _child(chance, number, this, last)
    return this, last


def _child(chance: random.Random, number: int, this: Set, last: Set) -> None:
    child = f"C{number:06}"
    kind = KINDS[number % len(KINDS)]
    youngest, oldest = {"care leaver": (18, 20), "came alone": (13, 15), "adopted": (4, 6)}.get(kind, (5, 14))
    # birthdays lie in January to March, so that nobody turns 4, 14 or 16 between an episode and the end of the year
    dob = date(2026 - chance.randint(youngest, oldest), chance.randint(1, 3), chance.randint(1, 28))
    who = {"CHILD": child, "DOB": day(dob)}
    header = who | {"SEX": chance.choice("MF"), "ETHNIC": "WBRI", "UPN": upn(number)}
    for tables in (this, last):
        of_year = dict(header)
        if (
            header["SEX"] == "F"
            and not (kind == "new" and tables is last)
            and not (kind == "care leaver" and tables is this)
        ):
            of_year["MOTHER"] = "0"
        if kind != "new" or tables is this:
            tables["Header"].append(of_year)
    LIVES[kind](chance, who, dob, this, last)


def _first(child: str, began: date, **more: str) -> Row:
    return {
        "CHILD": child, "DECOM": day(began), "RNE": "S", "LS": "V2", "CIN": "N1", "PLACE": "U6",
        "PLACE_PROVIDER": "PR1", "HOME_POST": "AA1 1AA", "PL_POST": "AA2 2AA", "URN": "SC012345",
    } | more  # fmt: skip


def _all_year(chance: random.Random, who: Row, dob: date, this: Set, last: Set, **more: str) -> None:
    first = _first(who["CHILD"], START - timedelta(days=chance.randint(30, 900)), **more)
    last["Episodes"].append(dict(first))
    this["Episodes"].append(dict(first))
    _care(who, this)
    _health(who, dob, this)


def _moved(chance: random.Random, who: Row, dob: date, this: Set, last: Set) -> None:
    _all_year(chance, who, dob, this, last)
    first = this["Episodes"][-1]
    this["Episodes"].append(first | {"DECOM": day(MIDDLE), "RNE": "B", "LS": "C1", "PL_POST": "AA3 3AA"})
    first.update(DEC=day(MIDDLE), REC="X1", REASON_PLACE_CHANGE="CARPL")
    this["DoLo"].append(who | {"DOLO_START": day(date(2026, 10, 1))})


def _left(chance: random.Random, who: Row, dob: date, this: Set, last: Set) -> None:
    first = _first(who["CHILD"], START - timedelta(days=chance.randint(30, 900)))
    last["Episodes"].append(dict(first))
    this["Episodes"].append(first | {"DEC": day(MIDDLE), "REC": "E4A"})
    _care(who, this, end=MIDDLE)


def _adopted(chance: random.Random, who: Row, dob: date, this: Set, last: Set) -> None:
    decided, moved = day(date(2026, 4, 20)), day(date(2026, 5, 4))
    first = _first(who["CHILD"], START - timedelta(days=chance.randint(100, 300)), LS="C2")
    last["Episodes"].append(dict(first))
    this["Episodes"].append(first | {"DEC": moved, "REC": "X1", "REASON_PLACE_CHANGE": "CARPL"})
    placed = {"DECOM": moved, "RNE": "B", "LS": "E1", "PLACE": "A4", "URN": "XXXXXXX", "PL_POST": "AA3 3AA"}
    this["Episodes"].append(first | placed | {"DEC": day(MIDDLE), "REC": "E11"})
    _care(who, this)
    adopter = {"FOSTER_CARE": "0", "NB_ADOPTR": "1", "SEX_ADOPTR": "F1", "LS_ADOPTR": "L0"}
    this["AD1"].append(who | {"DATE_INT": decided, "DATE_MATCH": decided} | adopter)
    this["PlacedAdoption"].append(who | {"DATE_PLACED": decided})


def _new(chance: random.Random, who: Row, dob: date, this: Set, last: Set) -> None:
    this["Episodes"].append(_first(who["CHILD"], START + timedelta(days=chance.randint(1, 20))))
    _care(who, this)
    this["PrevPerm"].append(who | {"PREV_PERM": "Z1"})


def _came_alone(chance: random.Random, who: Row, dob: date, this: Set, last: Set) -> None:
    _all_year(chance, who, dob, this, last, CIN="N8", HOME_POST="")
    for tables in (this, last):
        tables["UASC"].append(who | {"SEX": tables["Header"][-1]["SEX"], "DUC": day(dob.replace(year=dob.year + 18))})


def _care_leaver(chance: random.Random, who: Row, dob: date, this: Set, last: Set) -> None:
    ended = min(dob.replace(year=dob.year + 18), START - timedelta(days=20))
    last["Episodes"].append(
        _first(who["CHILD"], ended - timedelta(days=700), DEC=day(ended), REC="E7" if ended.year < 2026 else "E15")
    )
    this["OC3"].append(who | {"IN_TOUCH": "YES", "ACTIV": "F2", "ACCOM": "K1"})


KINDS = ("all year", "moved", "left", "care leaver", "came alone", "all year", "new", "adopted", "all year", "moved")
LIVES = {
    "all year": _all_year, "moved": _moved, "left": _left, "care leaver": _care_leaver, "came alone": _came_alone,
    "new": _new, "adopted": _adopted,
}  # fmt: skip


def _care(who: Row, this: Set, end: date | None = None) -> None:
    """Reviews, social workers and a spell of going missing, while the child is looked after."""
    for held in (date(2026, 6, 1), date(2026, 11, 20)):
        if end is None or held < end:
            this["Reviews"].append(who | {"REVIEW": day(held), "REVIEW_CODE": "PN1"})
    worker = who | {"SW_ID": "SW12345678", "SW_DECOM": this["Episodes"][-1]["DECOM"], "SW_REASON": "FCONTA"}
    this["SWEpisodes"].append(worker)
    this["Missing"].append(who | {"MISSING": "M", "MIS_START": day(date(2026, 5, 1)), "MIS_END": day(date(2026, 5, 3))})


def _health(who: Row, dob: date, this: Set) -> None:
    health = {"IMMUNISATIONS": "1", "TEETH_CHECK": "1", "HEALTH_ASSESSMENT": "1", "SUBSTANCE_MISUSE": "0"}
    score = {"SDQ_SCORE": "12"} if 4 <= 2027 - dob.year <= 16 else {}
    convicted = {"CONVICTED": "0"} if 2027 - dob.year >= 10 else {}
    this["OC2"].append(who | score | convicted | health)


def upn(number: int) -> str:
    """A unique pupil number with its check letter."""
    body = f"301{number:09}"
    return check_letter(body) + body


def write_set(folder: Path, tables: Mapping[str, Iterable[Row]]) -> Path:
    """Write one CSV per table that has rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name.lower()}.csv").open("wb") as file:
            writer.write(file, name, rows)
    return folder
