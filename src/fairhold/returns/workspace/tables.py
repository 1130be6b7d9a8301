"""The tables of a run as they were checked, packed into one file: each as sent, and what was known of it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fairhold.returns.loading import Given
from fairhold.returns.recognising import Recognised
from fairhold.returns.sheets import TextSheet
from fairhold.rulebook.domain import LAST, Table

if TYPE_CHECKING:
    import pyarrow

ROW, LINE = "row", "line"
_MADE = (1980, 1, 1, 0, 0, 0)  # the same tables give the same bytes
_FAST = 1  # a run is kept at once; what is sent compresses well anyway


@dataclass(frozen=True)
class Packed:
    """One table: its rows as sent, where declared columns stand, and what else is known of it as `Given` has it."""

    sheet: TextSheet
    positions: dict[str, int]
    extra: tuple[str, ...]
    dates: tuple[str, ...]

    def declared(self) -> pyarrow.Table:
        """Row numbers, lines, and the declared columns under their official names, as text."""
        import pyarrow as pa  # noqa: PLC0415 (a check of files does without it)

        numbers: list[int] = []
        cells: list[list[str]] = []
        for row, values in self.sheet.rows():
            numbers.append(row)
            cells.append(values)
        by_column = list(zip(*cells, strict=True)) if cells else [()] * len(self.sheet.header)
        columns = {ROW: pa.array(numbers, pa.int32()), LINE: pa.array(map(self.sheet.line, numbers), pa.int32())}
        named = {name: pa.array(by_column[at], pa.string()) for name, at in self.positions.items()}
        return pa.table(columns | named)


def pack(given: Mapping[str, Given]) -> bytes:
    """Every table with its rows; the same tables give the same bytes."""
    stream = io.BytesIO()
    about = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=_FAST) as archive:
        for table, source in sorted(given.items()):
            _write(archive, f"{table}.txt", source.sheet.body())
            about[table] = _about(source)
        _write(archive, "about.json", json.dumps(about, ensure_ascii=False))
    return stream.getvalue()


def _write(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _MADE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text.encode("utf-8", "surrogatepass"), compresslevel=_FAST)


def _about(source: Given) -> dict[str, object]:
    sheet, recognised = source.sheet, source.recognised
    return {
        "label": sheet.label,
        "header": sheet.header,
        "marks": [sheet.cell_mark, sheet.record_mark],
        "records": len(sheet.records),
        "lines": None if sheet.lines is None else list(sheet.lines),
        "first_line": sheet.first_line,
        "positions": recognised.positions,
        "extra": recognised.extra,
        "dates": source.dates,
    }


def unpack(data: bytes) -> dict[str, Packed]:
    """The tables that `pack` put in."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        about = json.loads(archive.read("about.json"))
        return {
            table: Packed(
                _sheet(archive.read(f"{table}.txt").decode("utf-8", "surrogatepass"), of),
                of["positions"],
                tuple(of["extra"]),
                tuple(of["dates"]),
            )
            for table, of in about.items()
        }


def _sheet(body: str, of: Mapping[str, Any]) -> TextSheet:
    cell, record = of["marks"]
    return TextSheet(
        label=of["label"],
        header=of["header"],
        records=body.split(record) if of["records"] else [],
        cell_mark=cell,
        record_mark=record,
        lines=of["lines"],
        first_line=of["first_line"],
    )


def as_given(packed: Mapping[str, Packed], declared: Mapping[str, Table]) -> dict[str, Given]:
    """The tables as a check had them, each row under its old number."""
    return {
        table: Given(one.sheet, Recognised(declared[table.removesuffix(LAST)], one.positions, one.extra), one.dates)
        for table, one in packed.items()
    }
