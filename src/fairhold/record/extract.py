"""The record taken out in the shape of the sector's dataset: a CSV for every entity, kept as one classified file."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from fairhold import vault
from fairhold.access import Scope, verb
from fairhold.access.extract_views import SCHEMA
from fairhold.engine import settings
from fairhold.formats import ssd

KIND, KLASS, RETENTION = "ssd-extract", "safeguarding", "RT31"
DAYS = 90  # as long as the files it was made from


@dataclass(frozen=True)
class Extract:
    """An extract that was made: its number in the vault, how many rows each entity has, and until when it is kept."""

    number: int
    rows: dict[str, int]
    due: str


@verb("record.extract")
def take_out(scope: Scope) -> Extract:
    """Write every entity's view as CSV and keep them together; as far as the purpose may see the children.

    Restricted children are nobody to it, and no protected address is told.
    """
    due = scope.day + timedelta(days=DAYS)
    with tempfile.TemporaryFile(dir=settings.private_folder("uploads")) as stream:
        rows = {}
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for entity in ssd.entities():
                with archive.open(zipfile.ZipInfo(f"{entity}.csv"), "w", force_zip64=True) as file:
                    rows[entity] = _write(scope, entity, file)
        stream.seek(0)
        kept = vault.keep(scope, stream, kind=KIND, klass=KLASS, retention=RETENTION, due=due)
    scope.concerns(_children(scope))
    scope.tell(file=kept.id, entities=len(rows), rows=sum(rows.values()))
    return Extract(kept.id, rows, due.isoformat())


def _write(scope: Scope, entity: str, file: IO[bytes]) -> int:
    """One entity as CSV with its header, in the order of its columns; returns how many rows it has."""
    statement = f"copy (select * from {SCHEMA}.{entity} order by 1, 2) to stdout (format csv, header)"
    with scope.db.cursor() as cursor:
        with cursor.copy(statement) as copying:
            for block in copying:
                file.write(block)
        return cursor.rowcount


def _children(scope: Scope) -> Iterator[int]:
    found = scope.rows(
        "select s.id from system.subject s join system.source o on o.id = s.source_id where o.kind = 'case-system'"
    )
    return (row["id"] for row in found)


def unpack(scope: Scope, extract: Extract, folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The files of an extract, one by one, with the path each is to be written to."""
    with tempfile.TemporaryFile(dir=settings.private_folder("uploads")) as stream:
        for part in vault.stream(scope, extract.number):
            stream.write(part)
        with zipfile.ZipFile(stream) as archive:
            for name in archive.namelist():
                yield folder / name, archive.read(name)
