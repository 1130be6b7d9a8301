"""Canonical JSON: one object, keys sorted, no blanks; a value that may not leave has no key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from fairhold.sharing.forms.domain import About, Row, Table, wrong


def write(columns: Sequence[str], rows: Sequence[Row], about: About) -> bytes:
    """The bytes: `{"fields": [...], "rows": [{...}]}`."""
    told = [{name: row.told(name) for name in columns if row.told(name)} for row in rows]
    return _canonical({"fields": list(columns), "rows": told})


def _canonical(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def read(data: bytes, about: About) -> Table:
    """The table in the bytes; raises where they hold anything else, a second key of one name included."""
    try:
        document = json.loads(data, object_pairs_hook=_once)
    except (ValueError, UnicodeDecodeError):
        raise wrong("it is not JSON as we write it") from None
    if not isinstance(document, dict) or document.keys() != {"fields", "rows"} or _canonical(document) != data:
        raise wrong("it is not JSON as we write it")
    fields, rows = document["fields"], document["rows"]
    if not all(isinstance(name, str) for name in fields) or not all(_flat(row) for row in rows):
        raise wrong("it is not JSON as we write it")
    return Table(tuple(fields), tuple(rows))


def _flat(row: Any) -> bool:
    return isinstance(row, dict) and all(isinstance(text, str) and text for text in row.values())


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError
    return dict(pairs)
