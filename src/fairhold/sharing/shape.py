"""Holds a request to its shipped JSON Schema, and says in one sentence where it does not fit.

The schema is compiled once into plain functions: a batch of thousands is checked in a fraction of a second, and a
test holds the outcome to the reference validator's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from fairhold.errors import PlainError

Check = Callable[[Any, str], None]
Schema = dict[str, Any]

KINDS: dict[str, tuple[type, str]] = {
    "string": (str, "text"),
    "boolean": (bool, "true or false"),
    "array": (list, "a list"),
    "object": (dict, "an object"),
    "null": (type(None), "null"),
}
SHOWN = 40


class OutsideSchema(PlainError):
    """A request that is not of the shape the schema says; the message names the place and what is wrong."""


@cache
def schema(name: str) -> Schema:
    """The shipped schema: `request` or `answer`."""
    text = (resources.files("fairhold.sharing") / "schemas" / f"{name}.json").read_text("utf-8")
    return json.loads(text)  # type: ignore[no-any-return]


def check(document: Any) -> None:
    """Raise `OutsideSchema` unless the parsed document is a request the schema allows."""
    _request()(document, "")


def parse(text: bytes) -> dict[str, Any]:
    """A request out of JSON bytes; raises `OutsideSchema`. A key given twice would mean two things: it is refused."""
    try:
        document = json.loads(text.decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError:
        raise OutsideSchema("The request is not text in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise OutsideSchema(f"The request is not JSON: {error.msg} at character {error.pos + 1}.") from None
    except (ValueError, RecursionError):
        raise OutsideSchema(
            "The request is not JSON that can be read: a number is too long or it nests too deep."
        ) from None
    check(document)
    return document  # type: ignore[no-any-return]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise OutsideSchema("The request gives one key twice.")
    return found


@cache
def _request() -> Check:
    whole = schema("request")
    return _compile(whole, whole)


def _compile(part: Schema, whole: Schema) -> Check:
    if "$ref" in part:
        return _compile(whole["$defs"][part["$ref"].rpartition("/")[2]], whole)
    kinds = [part["type"]] if isinstance(part["type"], str) else part["type"]
    types = tuple(KINDS[kind][0] for kind in kinds)
    wanted = " or ".join(KINDS[kind][1] for kind in kinds)
    inner: dict[type, Check | None] = {str: _text(part), list: _list(part, whole), dict: _object(part, whole)}

    def fits(value: Any, place: str) -> None:
        kind: type = type(value)
        if kind not in types:
            raise OutsideSchema(f"{place or 'The request'} must be {wanted}.")
        deeper = inner.get(kind)
        if deeper is not None:
            deeper(value, place)

    return fits


def _text(part: Schema) -> Check:
    allowed, pattern, dated = part.get("enum"), re.compile(part.get("pattern", "")), part.get("format") == "date"

    def fits(value: str, place: str) -> None:
        if allowed is not None and value not in allowed:
            raise OutsideSchema(f"{place} must be one of: {', '.join(allowed)}.")
        if dated and not (pattern.fullmatch(value) and _is_day(value)):
            raise OutsideSchema(f"{place} must be a date written YYYY-MM-DD.")
        if not value.isascii() and not _is_text(value):
            raise OutsideSchema(f"{place} holds a character that is no text.")

    return fits


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value) is not None
    except ValueError:
        return False


def _is_text(value: str) -> bool:
    """Half of a surrogate pair can stand in JSON but in no file."""
    try:
        return value.encode() is not None
    except UnicodeEncodeError:
        return False


def _list(part: Schema, whole: Schema) -> Check | None:
    if "items" not in part:
        return None
    item, least, unique = _compile(part["items"], whole), part.get("minItems", 0), part.get("uniqueItems", False)

    def fits(value: list[Any], place: str) -> None:
        if len(value) < least:
            raise OutsideSchema(f"{place} must name at least one.")
        for number, one in enumerate(value):
            item(one, f"{place}[{number}]")
        if unique and len(set(value)) != len(value):
            raise OutsideSchema(f"{place} names one field twice.")

    return fits


def _object(part: Schema, whole: Schema) -> Check | None:
    if "properties" not in part:
        return None
    parts = {name: _compile(inner, whole) for name, inner in part["properties"].items()}

    def fits(value: dict[str, Any], place: str) -> None:
        if value.keys() != parts.keys():
            raise OutsideSchema(_keys(value, parts, place))
        prefix = f"{place}." if place else ""
        for name, inner in parts.items():
            inner(value[name], prefix + name)

    return fits


def _keys(value: dict[str, Any], parts: dict[str, Check], place: str) -> str:
    where = place or "The request"
    missing = [name for name in parts if name not in value]
    if missing:
        return f"{where} lacks the key {missing[0]}."
    strange = next(name for name in value if name not in parts)
    shown = "".join(sign for sign in strange[:SHOWN] if sign.isprintable())
    return f"{where} has a key that the schema does not know: {shown}."
