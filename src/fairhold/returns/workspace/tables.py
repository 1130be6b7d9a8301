"""The tables of a run as they were checked, packed into one file: a Parquet table each, and what they were in.

Values are text as sent. `row` and `line` say where each row stood; the columns are numbered as in the header.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fairhold.returns.loading import Given
from fairhold.returns.recognising import Recognised
from fairhold.returns.sheets import TextSheet, from_rows
from fairhold.rulebook.domain import LAST, Table

if TYPE_CHECKING:
    import pyarrow

ROW, LINE = "row", "line"
_MADE = (1980, 1, 1, 0, 0, 0)  # the same tables give the same bytes


@dataclass(frozen=True)
class Packed:
    """One table: its rows in columns (`row`, `line`, `c0` …), its header, and what is known of it as `Given` has it."""

    rows: pyarrow.Table
    label: str
    header: list[str]
    positions: dict[str, int]
    extra: tuple[str, ...]
    dates: tuple[str, ...]

    def declared(self) -> pyarrow.Table:
        """Rows, lines and the declared columns under their official names."""
        names = [ROW, LINE, *self.positions]
        return self.rows.select([ROW, LINE, *(f"c{at}" for at in self.positions.values())]).rename_columns(names)


def pack(given: Mapping[str, Given]) -> bytes:
    """Every table with its rows; the same tables give the same bytes."""
    import pyarrow as pa  # noqa: PLC0415 (a check of files does without it)
    from pyarrow import parquet  # noqa: PLC0415

    stream = io.BytesIO()
    about = {}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for table, source in sorted(given.items()):
            sheet = source.sheet
            numbers, cells = [], []
            for row, values in sheet.rows():
                numbers.append(row)
                cells.append(values)
            columns: dict[str, Any] = {
                ROW: pa.array(numbers, pa.int32()),
                LINE: pa.array([sheet.line(row) for row in numbers], pa.int32()),
            }
            by_column = zip(*cells, strict=True) if cells else [() for _ in sheet.header]
            for at, column in enumerate(by_column):
                columns[f"c{at}"] = pa.array(column, pa.string())
            sink = pa.BufferOutputStream()
            parquet.write_table(pa.table(columns), sink, compression="zstd", write_statistics=False)
            archive.writestr(zipfile.ZipInfo(f"{table}.parquet", _MADE), sink.getvalue().to_pybytes())
            recognised = source.recognised
            about[table] = [sheet.label, sheet.header, recognised.positions, recognised.extra, source.dates]
        archive.writestr(zipfile.ZipInfo("about.json", _MADE), json.dumps(about, ensure_ascii=False))
    return stream.getvalue()


def unpack(data: bytes) -> dict[str, Packed]:
    """The tables that `pack` put in."""
    from pyarrow import BufferReader, parquet  # noqa: PLC0415

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        about = json.loads(archive.read("about.json"))
        return {
            table: Packed(
                parquet.read_table(BufferReader(archive.read(f"{table}.parquet"))),
                label,
                header,
                positions,
                tuple(extra),
                tuple(dates),
            )
            for table, (label, header, positions, extra, dates) in about.items()
        }


def as_given(packed: Mapping[str, Packed], declared: Mapping[str, Table]) -> dict[str, Given]:
    """The tables as a check had them, each row under its old number."""
    return {
        table: Given(_sheet(one), Recognised(declared[table.removesuffix(LAST)], one.positions, one.extra), one.dates)
        for table, one in packed.items()
    }


def _sheet(packed: Packed) -> TextSheet:
    rows, lines = packed.rows.column(ROW).to_pylist(), packed.rows.column(LINE).to_pylist()
    cells = [packed.rows.column(f"c{at}").to_pylist() for at in range(len(packed.header))]
    sheet = from_rows(packed.label, packed.header, list(zip(*cells, strict=True)), lines)
    records, at_line = [""] * max(rows, default=0), [0] * max(rows, default=0)
    for row, record, line in zip(rows, sheet.records, lines, strict=True):
        records[row - 1], at_line[row - 1] = record, line
    sheet.records, sheet.lines = records, at_line
    return sheet
