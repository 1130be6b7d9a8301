"""A Markdown page becomes a rule: front matter, prose, one block of SQL, drawn examples.

The front matter is the small part of YAML that rules need (text, whole numbers, `[a, b]`, `{a: b}`), so no library
reads it and nothing in it can run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import NoReturn

from fairhold.rulebook.domain import MEASURE, RETURN, ROW, SEVERITIES, Document, RuleError
from fairhold.rulebook.drawing import COUNTED, FAULT, read_drawings

RULE_KEYS = frozenset(
    {"code", "title", "severity", "collections", "fields", "optional", "level", "source", "reviewed", "examples"}
)
VIEW_KEYS = frozenset({"view", "title", "collections", "optional", "source", "reviewed", "examples"})
TOLD = frozenset(
    {"area", "kpi", "unit", "period", "counts", "numerator", "denominator", "breakdowns", "categories", "history"}
)
MEASURE_KEYS = TOLD | {"measure", "title", "collections", "optional", "source", "reviewed", "examples"}
KINDS = {"view": VIEW_KEYS, "measure": MEASURE_KEYS, "code": RULE_KEYS}
_FENCE = re.compile(r"^```sql\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_PIECE = re.compile(r'"[^"]*"|[^,]+')


def read_document(path: Path) -> Document:
    """Parse one page, or raise RuleError with a sentence that names the file and the fault."""
    return parse(path, path.read_text("utf-8"))


def read_folder(folder: Path) -> list[Document]:
    """Every page of a folder by name; two wordings of one code in force in the same year are refused."""
    documents = [read_document(path) for path in sorted(folder.glob("*.md"))]
    _no_overlap(documents)
    return documents


def parse(path: Path, text: str) -> Document:
    """Parse the text of one page; `path` is for its name and for messages."""
    head, body = _split(path, text)
    kind = next((key for key in KINDS if key in head), "code")
    _known_keys(path, head, KINDS[kind])
    sql, prose, rest = _sections(path, body)
    first, last = _period(path, head)
    code = _text(path, head, kind)
    if path.stem not in (code, f"{code}@{first}"):
        _refuse(path, f"is named for another code than {code}", f"call it {code}.md or {code}@{first}.md")
    return Document(
        path=path,
        code=code,
        title=_text(path, head, "title"),
        is_view=kind == "view",
        first=first,
        last=last,
        source=_text(path, head, "source"),
        reviewed=_text(path, head, "reviewed"),
        examples=_year(path, head.get("examples"), "examples"),
        prose=prose,
        sql=sql,
        drawings=read_drawings(rest, lambda what, do: _refuse(path, what, do), COUNTED if kind == "measure" else FAULT),
        severity=_severity(path, head) if kind == "code" else "unverified",
        fields=_fields(path, head) if kind == "code" else (),
        optional=tuple(_list(head.get("optional", "[]"))),
        level=MEASURE if kind == "measure" else _level(path, head),
        told={key: head[key] for key in TOLD if key in head},
    )


def _refuse(path: Path, what: str, do: str) -> NoReturn:
    raise RuleError(f"{path.name}: {what}; {do}.")


def _split(path: Path, text: str) -> tuple[dict[str, str], str]:
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        _refuse(path, "has no front matter", "start it with a line --- and end the front matter with ---")
    head: dict[str, str] = {}
    for line in filter(str.strip, parts[1].splitlines()):
        key, colon, value = line.partition(":")
        if not colon:
            _refuse(path, f"has a front matter line without a colon: {line.strip()}", "write key: value")
        head[key.strip()] = value.strip()
    return head, parts[2]


def _known_keys(path: Path, head: Mapping[str, str], known: Iterable[str]) -> None:
    for key in head:
        if key not in known:
            _refuse(path, f"has an unknown front matter key {key}", f"use {', '.join(sorted(known))}")


def _sections(path: Path, body: str) -> tuple[str, str, str]:
    blocks = list(_FENCE.finditer(body))
    if len(blocks) != 1:
        _refuse(path, f"has {len(blocks)} blocks of SQL", "write exactly one ```sql block")
    block = blocks[0]
    prose = body[: block.start()].strip()
    if not prose:
        _refuse(path, "has no prose", "say in plain words what the rule means, before the SQL")
    return block.group(1).strip(), prose, body[block.end() :]


def _text(path: Path, head: Mapping[str, str], key: str) -> str:
    value = head.get(key, "").strip('"')
    if not value:
        _refuse(path, f"has no {key}", f"add {key}: to the front matter")
    return value


def _list(value: str) -> list[str]:
    inner = value.strip().removeprefix("[").removesuffix("]")
    return [piece.strip().strip('"') for piece in _PIECE.findall(inner) if piece.strip()]


def _year(path: Path, value: str | None, key: str) -> int:
    if value is None or not re.fullmatch(r"20\d\d", value):
        _refuse(path, f"has no year in {key}", f"write {key} with a collection year such as 2027")
    return int(value)


def _period(path: Path, head: Mapping[str, str]) -> tuple[int, int | None]:
    inner = head.get("collections", "").strip().removeprefix("{").removesuffix("}")
    pieces = [piece.partition(":") for piece in inner.split(",") if piece.strip()]
    pairs = {key.strip(): value.strip() for key, _, value in pieces}
    if not set(pairs) <= {"from", "to"}:
        _refuse(path, "has an unknown word in collections", "write collections: {from: 2023} or {from: 2023, to: 2026}")
    first = _year(path, pairs.get("from"), "collections from")
    last = _year(path, pairs["to"], "collections to") if "to" in pairs else None
    if last is not None and last < first:
        _refuse(path, "ends before it begins", "put collections to after from")
    return first, last


def _severity(path: Path, head: Mapping[str, str]) -> str:
    severity = _text(path, head, "severity")
    if severity not in SEVERITIES:
        _refuse(path, f"has severity {severity}", f"use one of {', '.join(SEVERITIES)}")
    return severity


def _level(path: Path, head: Mapping[str, str]) -> str:
    level = head.get("level", ROW)
    if level not in (ROW, RETURN):
        _refuse(
            path, f"has level {level}", f"write level: {RETURN} for a rule about the whole return, else leave it out"
        )
    return level


def _fields(path: Path, head: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    pairs = [name.partition(".") for name in _list(head.get("fields", ""))]
    if not pairs or not all(table and column for table, _, column in pairs):
        _refuse(path, "has no fields", "name them as fields: [Episodes.DECOM, Header.DOB]")
    return tuple((table, column) for table, _, column in pairs)


def _no_overlap(documents: list[Document]) -> None:
    order: Callable[[Document], tuple[str, int]] = lambda d: (d.code, d.first)  # noqa: E731
    for one, other in pairwise(sorted(documents, key=order)):
        if one.code == other.code and (one.last is None or one.last >= other.first):
            _refuse(
                other.path,
                f"is in force in {other.first} together with {one.path.name}",
                f"end the earlier wording with to: {other.first - 1}",
            )
