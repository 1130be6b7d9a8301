"""Facts of the record for the lists: read under the production purpose, in columns, as they are known now."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairhold import catalogue
from fairhold.access import Scope
from fairhold.returns.annex_a.domain import AnnexError
from fairhold.returns.annex_a.making import fact_tables
from fairhold.returns.building.precedence import CASE_SYSTEM
from fairhold.returns.reference import POSTCODES, PREFIX
from fairhold.returns.reference.lookup import key, plain

if TYPE_CHECKING:
    import pyarrow

# Dated items are told for good; of everything else the newest that the case system has not ended.
_KNOWN: Final = "f.known_until = 'infinity'"
_NEWEST: Final = f"{_KNOWN} and f.until_date = 'infinity'"
_BEYOND: Final = {"SCO": "Scotland", "NIR": "Northern Ireland", "WAL": "Wales"}


def case_system(scope: Scope) -> int:
    """The number of the one case system whose lists they are."""
    found = scope.rows("select id from system.source where kind = %s", (CASE_SYSTEM,))
    if len(found) != 1:
        raise AnnexError(
            f"The lists are one case system's account, but {len(found) or 'no'} case systems are registered as sources:"
            " see fairhold sources list."
        )
    number: int = found[0]["id"]
    return number


def fill(scope: Scope, con: Any, source: int) -> None:
    """Fill the tables that `lay_out` made with the facts of every child of the case system, restricted ones too."""
    _read(
        scope, con, "subject", "select id as subject_id, key as child from system.subject where source_id = %s", source
    )
    worker = "select kind, number, name from system.worker where source_id = %s and known_until = 'infinity'"
    _read(scope, con, "staff", worker, source)
    for table in fact_tables().values():
        _read(scope, con, table.name, _facts(table), source)


def _facts(table: catalogue.Table) -> str:
    fields = ", ".join(f'f."{field.name}"' for field in table.fields)
    known = _KNOWN if table.shape == "dated" else _NEWEST
    latest = (
        f"distinct on (f.subject_id) f.subject_id, {fields}" if table.shape == "state" else f"f.subject_id, {fields}"
    )
    order = "order by f.subject_id, f.from_date desc, f.id desc" if table.shape == "state" else ""
    return (
        f"select {latest} from {table.name} f join system.subject s on s.id = f.subject_id"
        f" where s.source_id = %s and {known} {order}"
    )


def _read(scope: Scope, con: Any, name: str, query: str, source: int) -> None:
    """One question into one table: COPY is the quickest way out of a transaction that has a role."""
    with scope.db.cursor().copy(f"copy ({query}) to stdout (format csv, header)", (source,)) as stream:
        body = b"".join(map(bytes, stream))
    types = dict(con.execute(f"select column_name, column_type from (describe {name})").fetchall())
    con.register("incoming", _columns(body, types))
    con.execute(f"insert into {name} by name select * from incoming")
    con.unregister("incoming")


def _columns(body: bytes, types: dict[str, str]) -> pyarrow.Table:
    import pyarrow as pa  # noqa: PLC0415 (few acts read in columns)
    from pyarrow import csv  # noqa: PLC0415

    known = {"DATE": pa.date32(), "INTEGER": pa.int32(), "BIGINT": pa.int64(), "BOOLEAN": pa.bool_()}
    return csv.read_csv(
        io.BytesIO(body),
        parse_options=csv.ParseOptions(newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={name: known.get(kind, pa.string()) for name, kind in types.items()},
            true_values=["t"],
            false_values=["f"],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
            null_values=[""],
        ),
    )


def place(con: Any, la: str, reference: Sequence[Path] = ()) -> bool:
    """Say where the postcodes of placements lie, as the reference data knows; False when there is none.

    `la` is our own authority's code; without it no placement is known to be inside or outside.
    """
    from fairhold.returns.reference import using  # noqa: PLC0415
    from fairhold.returns.reference.authorities import authorities  # noqa: PLC0415
    from fairhold.returns.workbench import open_engine  # noqa: PLC0415

    told = "select placement_postcode as postcode from social_care.care_address"
    codes = con.execute(f"{told} union select postcode from social_care.placement_address").fetchall()
    desk = open_engine()
    try:
        if not using.attach(desk, reference).has(POSTCODES):
            return False
        desk.execute("create temp table sent (postcode varchar)")
        desk.execute("insert into sent select unnest(?)", [[code for (code,) in codes if code]])
        found = desk.execute(
            f"with keyed as (select postcode, {key(plain('postcode'))} as key from sent)"
            f" select k.postcode, a.area from keyed k join {PREFIX}postcode p on p.key = k.key"
            f" join {PREFIX}authority a on a.number = p.authority"
        ).fetchall()
    finally:
        desk.close()
    names = {code: authority.name for code, authority in authorities().items()} | _BEYOND
    rows = [(code, names.get(area, area), area == la if la else None) for code, area in found]
    if rows:
        con.executemany("insert into place values (?, ?, ?)", rows)
    return True
