"""What a run is made over: the newest delivered tables of a year, with last year's beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module

from fairhold import vault
from fairhold.access import Scope
from fairhold.returns import MODULES, declared
from fairhold.returns.files import CannotRun, SetAside
from fairhold.returns.reading import Inputs
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import LAST


@dataclass
class Material:
    """Tables for a run, which delivery each came from, and the sources that know the children by their numbers."""

    inputs: Inputs
    sources: dict[str, int] = field(default_factory=dict)
    known_by: set[int] = field(default_factory=set)


def delivered(scope: Scope, name: str, year: int) -> Material:
    """The newest delivered file of each table of this year and of last; raises CannotRun when none of this year came.

    Nobody sends a file a second time to have it checked.
    """
    material = Material(Inputs(declared(name)))
    for of_year, ending in ((year, ""), (year - 1, LAST)):
        take(scope, material, name, of_year, ending)
    if not material.inputs.has_this_year():
        raise CannotRun(
            f"No file of {name} for the year to 31 March {year} was delivered: take the return's tables in first."
        )
    return material


def take(scope: Scope, material: Material, name: str, year: int, ending: str) -> None:
    """Take the newest delivery of each table; a table that an older delivery holds too stays the newer one's."""
    tables, read_xml = load(declared(name)).tables, import_module(MODULES[name]).read_xml
    rows = scope.rows(
        "select id, source_id, vault_file_id from (select distinct on (element) id, source_id, vault_file_id"
        " from system.delivery where state = 'stored' and kind = %s and year = %s order by element, id desc) newest"
        " order by id desc",
        (name, str(year)),
    )
    for row in rows:
        label = f"delivery {row['id']}"
        found = Inputs(declared(name))
        found.take(label, vault.open(scope, row["vault_file_id"]), tables, read_xml, ending)
        material.inputs.set_aside += found.set_aside
        material.known_by.add(row["source_id"])
        for table, given in found.given.items():
            if table in material.inputs.given:
                material.inputs.set_aside.append(
                    SetAside(label, 0, table, "is older than another that holds the table")
                )
                continue
            material.inputs.given[table] = given
            material.sources[table] = row["id"]
