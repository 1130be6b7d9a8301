"""The reference data a check uses: what was named for it, and for the rest the built file that every check uses."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from fairhold.returns import declared
from fairhold.returns.files import CannotRun, SetAside
from fairhold.returns.reference import PREFIX, TABLES, WORDS, Source, built, default_file
from fairhold.rulebook.compiled import load


@dataclass(frozen=True)
class InUse:
    """The sources in use, at most one of each kind, and what was left out of files that were read just now."""

    sources: tuple[Source, ...] = ()
    aside: list[SetAside] = field(default_factory=list)

    def has(self, kind: str) -> bool:
        """Whether there is reference data of a kind."""
        return any(source.kind == kind for source in self.sources)

    @property
    def tables(self) -> dict[str, frozenset[str]]:
        """Its tables as they are named in a check, for what is supplied."""
        return {f"{PREFIX}{table}": frozenset() for source in self.sources for table in TABLES[source.kind]}


def attach(con: Any, paths: Sequence[Path] = ()) -> InUse:
    """Put the reference data beside the tables of a connection that may still open files, as views `reference_…`.

    What was named goes before the built file that every check uses; of two of one kind the first counts. Raises
    CannotRun when a file cannot be read.
    """
    ready = [path for path in paths if built.is_built(path)]
    raw = [path for path in paths if path not in ready]
    found: dict[str, tuple[str, Source]] = {}
    aside: list[SetAside] = []
    if raw:
        from fairhold.returns.reference import building  # noqa: PLC0415 (a built file needs none of it)

        con.execute("attach ':memory:' as reference_read")
        taken = building.take_in(con, "reference_read", raw)
        found = {source.kind: ("reference_read", source) for source in taken.sources}
        aside = taken.aside
    for number, path in enumerate([*ready, *_default()], start=1):
        database = f"reference_file_{number}"
        for source in built.attach(con, path, database):
            found.setdefault(source.kind, (database, source))
    for kind, (database, _) in found.items():
        for table in TABLES[kind]:
            con.execute(f"create view {PREFIX}{table} as select * from {database}.{table}")
    return InUse(tuple(source for _, source in found.values()), aside)


def _default() -> list[Path]:
    """The built file that every check uses, when there is one."""
    path = default_file()
    if path.is_file():
        return [path]
    if os.environ.get("FAIRHOLD_REFERENCE"):
        raise CannotRun(f"FAIRHOLD_REFERENCE names {path}, which is not there; correct it, or unset it.")
    return []


def in_use() -> InUse:
    """What every check uses now that names nothing else; empty when nothing was built."""
    found = _default()
    if not found:
        return InUse()
    seen = found[0].stat()
    return _of_file(found[0], seen.st_mtime_ns, seen.st_size)


@lru_cache(maxsize=4)
def _of_file(path: Path, changed: int, size: int) -> InUse:
    from fairhold.returns.workbench import open_engine  # noqa: PLC0415 (the check opens its own)

    con = open_engine()
    try:
        return InUse(tuple(built.attach(con, path, "reference_file")))
    finally:
        con.close()


def told(used: InUse, name: str, year: int | None = None) -> list[str]:
    """One sentence for each kind of reference data: which is in use, or how many rules are not run without it."""
    rules = load(declared(name))
    rules = rules.year(year) if year else rules
    derived = {
        (table.name, column.name): column.derived for table in rules.all_tables().values() for column in table.columns
    }
    said = []
    for kind in TABLES:
        source = next((one for one in used.sources if one.kind == kind), None)
        if source:
            said.append(f"{source.sentence()}.")
            continue
        lost = {
            rule.code
            for rule in rules.rules
            for table, columns in rule.reads.items()
            if any(WORDS[kind] in derived.get((table, column), "") for column in columns)
        }
        said.append(f"No {WORDS[kind]}: {len(lost)} rules of {name} are not run.")
    return said
