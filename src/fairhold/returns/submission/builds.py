"""Building a return from the record: built by sets, checked at once by every rule, kept as a run like any other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date
from importlib import import_module

from fairhold import vault
from fairhold.access import Scope, verb
from fairhold.returns import MODULES, declared
from fairhold.returns.building import builder
from fairhold.returns.building.domain import Built
from fairhold.returns.checking import check_tables
from fairhold.returns.reading import Inputs
from fairhold.returns.submission import queries
from fairhold.returns.submission.domain import Build
from fairhold.returns.submission.editions import file_hash
from fairhold.returns.workspace import assigning, material, runs
from fairhold.returns.workspace.domain import PRODUCTION
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import LAST


@verb("returns.build")
def build(scope: Scope, *, name: str, year: int, la: str, on: date | None = None) -> int:
    """Build a return of a year from the record as it is known now or was known on an earlier day, and check it.

    Every child of the return is in it; nothing of a child comes out of here but the number of the build. Its findings
    are those of its run, which every rule in force was run for. Raises BuildError or CannotRun with one sentence.
    """
    runs.fit(name, la)
    with scope.under(PRODUCTION):
        queries.lock(scope, name, year)
        at = builder.as_at(scope, year, on)
        made = builder.build(scope, name, la, at, serial=queries.next_version(scope, name, year))
        given = _material(scope, made)
        checked = check_tables(name, year, la, given.inputs)
        run = runs.keep(scope, checked, given, origin="built", as_at=at.valid)
        number = queries.add_build(scope, made, run)
    assigning.settle(scope, name, year)
    scope.tell(build=number, sha256=file_hash(made), children=len(made.children), links=len(made.links))
    return number


@verb("returns.builds")
def builds(scope: Scope, *, name: str | None = None, year: int | None = None) -> list[Build]:
    """The builds, the newest first; of one return or year where named."""
    found = queries.builds(scope, name, year)
    scope.tell(rows=len(found))
    return found


def take(inputs: Inputs, name: str, files: Iterator[tuple[str, bytes]], ending: str = "") -> None:
    """Read official files as the check reads those of others."""
    tables, read_xml = load(declared(name)).tables, import_module(MODULES[name]).read_xml
    for label, data in files:
        inputs.take(label, data, tables, read_xml, ending)


def single(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The files that hold one table or all, each once: those of a ZIP and not the ZIP."""
    for label, data in files.items():
        if not label.endswith(".zip"):
            yield label, data


def unzipped(label: str, data: bytes) -> dict[str, bytes]:
    """The single files of an official file."""
    if not label.endswith(".zip"):
        return {label: data}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _material(scope: Scope, made: Built) -> material.Material:
    """What the rules run over: the official files as they would be sent, and last year's beside them."""
    found = material.Material(Inputs(declared(made.name)))
    take(found.inputs, made.name, single(made.files))
    origins = {
        name: {delivery for row in table.origins for delivery, _ in row if delivery}
        for name, table in made.tables.items()
    }
    found.sources = {name: max(numbers) for name, numbers in origins.items() if numbers}
    rows = scope.rows("select id from system.source where kind = %s", (builder.CASE_SYSTEM,))
    found.known_by = {row["id"] for row in rows}
    last = _last_year(scope, made.name, made.as_at.year - 1)
    if last is None:
        material.take(scope, found, made.name, made.as_at.year - 1, LAST)
    else:
        take(found.inputs, made.name, iter(last.items()), LAST)
    return found


def _last_year(scope: Scope, name: str, year: int) -> dict[str, bytes] | None:
    """The files of the last version that was frozen for a year, while they are kept."""
    for one in queries.submissions(scope, name, year):
        try:
            return unzipped(one.build.file, vault.open(scope, one.file_id))
        except vault.VaultError:
            return None
    return None
