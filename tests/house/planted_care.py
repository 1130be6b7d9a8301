"""The planted children in the files of the case system: a row in every table of its extract, and in the census.

Every text of the restricted child carries a mark, also where a code, a number or a yes is wanted, and every postcode
of the child whose address is protected.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.intake.made import cin, need

from fairhold.facts.mapping import columns
from fairhold.formats import ssd

PERIOD = "clae_cla_id"


@dataclass(frozen=True)
class Planted:
    """One planted child as the case system knows it. `mark` is put wherever a text is asked for."""

    number: str
    upn: str
    surname: str
    forename: str
    born: str
    postcode: str
    mark: str

    def value(self, entity: ssd.Entity, column: ssd.Column) -> str:
        """What the extract says of the child in one column."""
        given = {
            "pers_upn": self.upn,
            "pers_surname": self.surname,
            "pers_forename": self.forename,
            "pers_dob": self.born,
            "moth_childs_person_id": self.mark,
            "cinf_assessment_factors_json": f'["1A", "{self.mark}"]',
            PERIOD: f"{self.number}-period",
        }
        if column.name in given:
            return given[column.name]
        if column.part == "person":
            return self.number
        if column.part == "record":
            return f"{self.number}-{entity.name}"
        if column.references:
            other, _, name = column.references.partition(".")
            return f"{self.number}-period" if name == PERIOD else f"{self.number}-{other}"
        if column.type == "datetime":
            return "2026-05-01"
        if column.name.endswith("_json"):
            return f'{{"OUTCOME_NFA_FLAG": "Y", "{self.mark}": "Y", "COMMENTS": "{self.mark} said"}}'
        return self.postcode if "postcode" in column.name else self.mark


def rows(child: Planted) -> Iterator[tuple[ssd.Entity, Mapping[str, str]]]:
    """A row of every entity of which anything is held about a child."""
    for entity in ssd.entities().values():
        if columns("ssd", entity.name):
            yield entity, {column.name: child.value(entity, column) for column in entity.columns}


def plant(folder: Path, children: tuple[Planted, ...]) -> None:
    """Add the children to an extract (a folder of its entities) and to the census beside it."""
    for child in children:
        for entity, row in rows(child):
            _add(folder / "case-system" / f"{entity.name}.csv", entity, row)
    census = folder / "children-in-need/2027/cin.xml"
    spell = {"CINreferralDate": "2026-05-01", "ReferralSource": "1A", "ReferralNFA": "0"}
    written = [need(child.number, spell, UPN=child.upn, PersonBirthDate=child.born) for child in children]
    text = cin(written).decode()
    added = text[text.index("<Child>") : text.index("</Children>")]
    census.write_text(census.read_text("utf-8").replace("</Children>", f"{added}</Children>"), "utf-8")


def _add(file: Path, entity: ssd.Entity, row: Mapping[str, str]) -> None:
    names = list(entity.names)
    if file.exists():
        with file.open(encoding="utf-8", newline="") as stream:
            names = next(csv.reader(stream))
    new = not file.exists()
    with file.open("a", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, extrasaction="ignore", lineterminator="\n")
        if new:
            writer.writeheader()
        writer.writerow(row)
