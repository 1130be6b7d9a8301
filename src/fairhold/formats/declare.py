"""A file format as data: its elements, read once from the CSV in its folder, for reader, writer and manual alike."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources


@dataclass(frozen=True)
class Element:
    """One element of a format.

    `path` runs from the root; `type` is the reference's own word ("date", "code 1", "container");
    `repeats` is True when it may stand more than once under one parent; `since` is the version that brought it, `until`
    the last that had it, if any.
    """

    path: str
    type: str
    least: str
    repeats: bool
    codesets: tuple[str, ...]
    since: str
    until: str
    notes: str

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]

    @property
    def is_container(self) -> bool:
        """True for an element that holds elements, not text."""
        return self.type == "container"

    @property
    def is_code(self) -> bool:
        """True for an element of type code, whose value a code set can judge."""
        return self.type.split(" ")[0] == "code"

    @property
    def is_date(self) -> bool:
        """True for a calendar day (a `dateTime` is none)."""
        return self.type.split(" ")[0] == "date"


@dataclass(frozen=True)
class XmlFormat:
    """One kind of XML file. `rows` are the paths of the elements that make one row each.

    `spellings` are names that makers write with other capitals and that count as the reference's element;
    `moved` are paths below a row that count as another path below it.
    """

    kind: str
    title: str
    root: str
    rows: tuple[str, ...]
    version: str
    transfer: bool
    elements: tuple[Element, ...]
    spellings: frozenset[str] = frozenset({"ctfversion", "postcode", "ncyearactual", "ncyearleaving"})
    moved: tuple[tuple[str, str], ...] = ()

    @cached_property
    def row_names(self) -> tuple[str, ...]:
        """The names of the row elements, in the order of the format."""
        return tuple(path.rpartition("/")[2] for path in self.rows)

    def of_year(self, year: int) -> tuple[Element, ...]:
        """The elements that the version of a year has, where versions are years."""
        return tuple(e for e in self.elements if int(e.since.lstrip("<=") or 0) <= year <= int(e.until or 9999))

    def below(self, base: str) -> dict[str, Element]:
        """The elements below the element with path `base`, by their path from there."""
        start = base + "/"
        return {e.path[len(start) :]: e for e in self.elements if e.path.startswith(start)}


@cache
def elements(folder: str, root: str | None = None) -> tuple[Element, ...]:
    """The element list of `formats/<folder>/elements.csv`, in document order; `root` renames the first part."""
    text = (resources.files("fairhold.formats") / folder / "elements.csv").read_text("utf-8")
    found = []
    for row in csv.DictReader(text.splitlines()):
        path = row["path"]
        if root is not None:
            path = "/".join([root, *path.split("/")[1:]])
        found.append(
            Element(
                path=path,
                type=row["type"],
                least=row["min"],
                repeats=row["max"] == "n",
                codesets=tuple(filter(None, row["codeset"].split(";"))),
                since=row["since"],
                until=row.get("until", ""),
                notes=row["notes"],
            )
        )
    return tuple(found)
