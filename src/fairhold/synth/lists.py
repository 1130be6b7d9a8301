"""The lists the borough is drawn from: names by culture, streets, schools, kinds of fault."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fairhold.synth.chance import Bag, bag


@dataclass(frozen=True, slots=True)
class Culture:
    """Names and languages of one part of the borough; `eal` is the share whose first language is not English."""

    name: str
    eal: float
    languages: Bag[str]
    boys: tuple[str, ...]
    girls: tuple[str, ...]
    surnames: tuple[str, ...]
    fathers: tuple[str, ...]
    mothers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault or trait with its rate; `planted_in` says which rows it can be planted in."""

    name: str
    rate: float
    planted_in: str
    not_planted_because: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files("fairhold.synth").joinpath("data", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


def _lines(name: str) -> tuple[str, ...]:
    return tuple(files("fairhold.synth").joinpath("data", name).read_text("utf-8").splitlines())


@cache
def cultures() -> dict[str, Culture]:
    """Every culture by name."""
    return {row["culture"]: _culture(row) for row in _rows("cultures.csv")}


def _culture(row: dict[str, str]) -> Culture:
    names = {key: tuple(row[key].split()) for key in ("boys", "girls", "surnames", "parent_men", "parent_women")}
    return Culture(
        row["culture"],
        float(row["eal"]),
        bag(row["languages"]),
        names["boys"],
        names["girls"],
        names["surnames"],
        names["parent_men"],
        names["parent_women"],
    )


@cache
def ethnicities() -> Bag[str]:
    """Ethnicity codes in the proportions of the borough's published figures."""
    return Bag([(row["code"], float(row["weight"])) for row in _rows("ethnicity.csv")])


@cache
def culture_of() -> dict[str, Bag[str]]:
    """For each ethnicity code, the cultures names and languages are drawn from."""
    return {row["code"]: bag(row["cultures"]) for row in _rows("ethnicity.csv")}


@cache
def variants() -> dict[str, tuple[str, ...]]:
    """Other spellings and short forms of forenames."""
    return {row["name"]: tuple(row["variants"].split()) for row in _rows("variants.csv")}


@cache
def kinds() -> dict[str, Kind]:
    """Every kind of fault with its rate; a kind without `planted_in` belongs to a file not written yet."""
    return {
        row["kind"]: Kind(row["kind"], float(row["rate"]), row["planted_in"], row["not_planted_because"])
        for row in _rows("faults.csv")
    }


@cache
def streets() -> tuple[str, ...]:
    """Streets of the borough; none exists."""
    return _lines("streets.txt")


@cache
def quiet_streets() -> tuple[str, ...]:
    """Streets where only families with a protected address live, so that a leak can be searched for."""
    return _lines("quiet_streets.txt")


@cache
def school_names() -> tuple[str, ...]:
    """First parts of school names; none exists."""
    return _lines("schools.txt")
