"""A made-up SSDA903 set of every table, this year's and last year's, that breaks none of the rules shipped."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path

from fairhold.formats import ssda903
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
    kind = chance.choice(("all year", "all year", "moved", "left", "care leaver", "came alone"))
    youngest, oldest = {"care leaver": (18, 20), "came alone": (13, 16)}.get(kind, (5, 15))
    dob = date(2026 - chance.randint(youngest, oldest), chance.randint(1, 12), chance.randint(1, 28))
    who = {"CHILD": child, "DOB": day(dob)}
    sex = chance.choice("MF")
    header = who | {"SEX": sex, "ETHNIC": "WBRI", "UPN": f"A{number:012}", "MOTHER": "0" if sex == "F" else ""}
    for tables in (this, last):
        tables["Header"].append(dict(header))
    if kind == "care leaver":
        this["OC3"].append(who | {"IN_TOUCH": "YES", "ACTIV": "F2", "ACCOM": "K1"})
        return
    _episodes(chance, child, kind, this, last)
    _rest(who, kind, sex, this)


def _episodes(chance: random.Random, child: str, kind: str, this: Set, last: Set) -> None:
    began = START - timedelta(days=chance.randint(30, 900))
    first = {
        "CHILD": child, "DECOM": day(began), "RNE": "S", "LS": "V2", "CIN": "N1", "PLACE": "U6",
        "PLACE_PROVIDER": "PR1", "HOME_POST": "AA1 1AA", "PL_POST": "AA2 2AA", "URN": "SC012345",
    }  # fmt: skip
    last["Episodes"].append(dict(first))
    if kind == "left":
        this["Episodes"].append(first | {"DEC": day(MIDDLE), "REC": "E4A"})
    elif kind == "moved":
        this["Episodes"].append(first | {"DEC": day(MIDDLE), "REC": "X1", "REASON_PLACE_CHANGE": "CARPL"})
        then = {"DECOM": day(MIDDLE), "RNE": "L", "LS": "C1"}
        this["Episodes"].append(first | then)
    else:
        this["Episodes"].append(dict(first))


def _rest(who: Row, kind: str, sex: str, this: Set) -> None:
    this["Reviews"].append(who | {"REVIEW": day(date(2026, 6, 1)), "REVIEW_CODE": "PN1"})
    this["SWEpisodes"].append(who | {"SW_ID": "SW12", "SW_DECOM": day(date(2026, 4, 1)), "SW_REASON": "FCONTA"})
    this["PrevPerm"].append(who | {"PREV_PERM": "Z1"})
    this["Missing"].append(who | {"MISSING": "M", "MIS_START": day(date(2026, 5, 1)), "MIS_END": day(date(2026, 5, 3))})
    if kind == "came alone":
        this["UASC"].append(who | {"SEX": sex})
    if kind == "left":
        this["AD1"].append(who | {"DATE_INT": day(date(2026, 5, 1)), "NB_ADOPTR": "1"})
        this["PlacedAdoption"].append(who | {"DATE_PLACED": day(date(2026, 5, 1))})
    if kind == "moved":
        this["DoLo"].append(who | {"DOLO_START": day(date(2026, 10, 1))})
    if kind in ("all year", "moved", "came alone"):
        health = {"IMMUNISATIONS": "1", "TEETH_CHECK": "1", "HEALTH_ASSESSMENT": "1", "SUBSTANCE_MISUSE": "0"}
        this["OC2"].append(who | {"SDQ_SCORE": "12", "CONVICTED": "0"} | health)


def write_set(folder: Path, tables: Mapping[str, Iterable[Row]]) -> Path:
    """Write one CSV per table that has rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name.lower()}.csv").open("wb") as file:
            writer.write(file, name, rows)
    return folder
