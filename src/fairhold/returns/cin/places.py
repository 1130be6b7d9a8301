"""Where the elements of a census file belong: a tree of places, made once per file from the declared tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from fairhold.returns.cin.shape import COUNTED, FACTORS, GROUPS, LISTS, PERSON, ROOT, TABLES
from fairhold.rulebook.domain import Table


@dataclass
class Rows:
    """The rows of one table so far: the cells of each as one text, its line, and elements that are not known."""

    table: Table
    records: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    extra: dict[str, None] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """The columns in their order."""
        return [column.name for column in self.table.columns]


class Place:
    """An element that holds others or makes a row of `table`.

    `known` are the elements that may stand in it: a place, or None for a value, which goes into the cell `at` names.
    `opens` says that it makes a row, `keyed` that the row begins with the child's key, `deep` how many counted keys
    follow that, and `counts` which of them it counts. `value_at` is the cell of its own text, `gathers_at` the cell of
    the row around it that lists such texts; `lists` says that an element without any still makes a row. `whole` ends
    what is kept or given up together.
    """

    __slots__ = (
        "at",
        "blank",
        "counts",
        "deep",
        "gathers_at",
        "keyed",
        "known",
        "lists",
        "of",
        "opens",
        "table",
        "value_at",
        "whole",
    )  # fmt: skip

    def __init__(self, of: Rows, values: Iterable[str] = (), *, opens: bool = False, whole: bool = False) -> None:
        self.of, self.opens, self.whole = of, opens, whole
        self.table = of.table.name
        keys = TABLES[self.table][1]
        self.keyed, self.deep = bool(keys), max(len(keys) - 1, 0)
        self.counts = COUNTED.get(self.table, "") if opens else ""
        self.blank = [""] * len(of.names)
        self.at = {name: of.names.index(name) for name in values}
        self.known: dict[str, Place | None] = dict.fromkeys(self.at)
        self.value_at = self.gathers_at = -1
        self.lists = False

    def spelled(self, name: str) -> bool:
        """Whether an element is known here in other capitals; from then on it counts as the known one."""
        same = next((known for known in self.known if known.lower() == name.lower()), None)
        if same is None:
            return False
        self.known[name] = self.known[same]
        if same in self.at:
            self.at[name] = self.at[same]
        return True


UNKNOWN: Final = Place(Rows(Table("Header", ())))  # what stands in an element that is not known


def tree(rows: dict[str, Rows]) -> Place:
    """The place around the root element, with every place in it."""
    every = {"": Place(rows["Header"])}
    for path in (ROOT, f"{ROOT}/Children"):
        _put(every, path, Place(rows["Header"]))
    _put(every, PERSON, Place(rows["ChildIdentifiers"], whole=True))
    for table, (path, keys) in TABLES.items():
        of = rows[table]
        values = [name for name in of.names if name not in keys and (table, name) != ("Assessments", FACTORS)]
        if table in LISTS:
            _put(every, path, Place(of)).lists = table == "Reviews"
            item = _put(every, f"{path}/{values[0]}", Place(of, opens=True))
            item.value_at = of.names.index(values[0])
        else:
            _put(every, path, Place(of, values, opens=True, whole=table == "Header"))
        for group in GROUPS.get(table, ()):
            _put(every, f"{path}/{group}", Place(of, values))
    every[f"{TABLES['AssessmentFactorsList'][0]}/{FACTORS}"].gathers_at = rows["Assessments"].names.index(FACTORS)
    return every[""]


def _put(every: dict[str, Place], path: str, place: Place) -> Place:
    above, _, name = path.rpartition("/")
    every[above].known[name] = place
    every[path] = place
    return place
