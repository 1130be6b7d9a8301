"""The notice as published: each version kept with its day and its digest, the newest also in a file for everybody.

The page that is open to all reads the file, so that nobody who is not signed in reaches the store. The file is written
after the version is committed, from the store alone; should the machine stop between, the daily run does it (`settle`).
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from fairhold import engine, governance, policy
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.errors import PlainError
from fairhold.notice import registers
from fairhold.notice.domain import Change, Document, compare, read

FILE = "notice.json"
_LOCK = "select pg_advisory_xact_lock(hashtext('notice'))"


@dataclass(frozen=True)
class Version:
    """One published notice. `changes`: what is other than in the version before."""

    number: int
    day: date
    sha256: str
    made_by: int
    made_at: datetime
    document: Document
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Published:
    """What everybody may read: the notice with its number and day; none of both where it is the one that ships."""

    document: Document
    number: int | None = None
    day: date | None = None
    changes: tuple[Change, ...] = ()


def current(scope: Scope) -> Document:
    """The newest published version; before the first, the notice as it ships."""
    row = scope.one("select document from system.notice_version order by id desc limit 1")
    return read(row["document"]) if row else registers.build(governance.shipped(), scope.day.isoformat())


@verb("notice.publish")
def publish(scope: Scope) -> Version:
    """Make the notice of the rows in force and publish it. Where not a word has changed the version stays."""
    made = registers.build(policy.book(scope), scope.day.isoformat())
    scope.run(_LOCK)
    before = scope.value("select sha256 from system.notice_version order by id desc limit 1")
    if made.sha256 != before:
        scope.run(
            "insert into system.notice_version (day, sha256, document, made_by, made_at)"
            " values (%s, %s, %s::jsonb, %s, %s)",
            (scope.day, made.sha256, made.text, scope.actor.id, clock.now()),
        )
    newest = _versions(scope)[0]
    scope.tell(version=newest.number, sha256=newest.sha256)
    scope.after.append(settle)
    return newest


@verb("notice.settle", daily=True)
def settle(scope: Scope) -> bool:
    """Make the file for everybody say what the store's newest version says; returns whether it had to be written."""
    scope.run(_LOCK)  # until this has ended no newer version is committed
    newest = next(iter(_versions(scope)), None)
    scope.tell(version=newest.number if newest else 0)
    told = _told(newest) if newest else None
    place = _file()
    if told == (place.read_text("utf-8") if place.exists() else None):
        return False
    try:
        place.unlink() if told is None else _write(place, told)
    except OSError:
        raise PlainError(
            "The notice is kept, but the page that everybody reads could not be written: free some space. The daily"
            " run writes it then."
        ) from None
    return True


@verb("notice.versions")
def versions(scope: Scope) -> list[Version]:
    """Every version, the newest first, each with what had changed."""
    found = _versions(scope)
    scope.tell(versions=len(found))
    return found


def _versions(scope: Scope) -> list[Version]:
    found: list[Version] = []
    before: Document | None = None
    for row in scope.rows("select id, day, sha256, document, made_by, made_at from system.notice_version order by id"):
        document = read(row["document"])
        changes = _changes(before, document) if before else ()
        told = (row["id"], row["day"], row["sha256"], row["made_by"], row["made_at"])
        found.append(Version(*told, document, changes))
        before = document
    return found[::-1]


def _changes(before: Document, after: Document) -> tuple[Change, ...]:
    words = {"gone": "taken out", "new": "new", "other": "worded anew"}
    return tuple(compare(before.items, after.items, **words))


def _file() -> Path:
    return engine.settings.home_path() / "notice" / FILE


def _told(newest: Version) -> str:
    """What the file says of a version."""
    told: Mapping[str, Any] = {
        "number": newest.number,
        "day": newest.day.isoformat(),
        "changes": [vars(one) for one in newest.changes],
        "sections": json.loads(newest.document.text),
    }
    return json.dumps(told, ensure_ascii=False)


def _write(place: Path, told: str) -> None:
    """Put it where the open page finds it: whole, or not at all."""
    engine.settings.private_folder("notice")
    beside = place.with_suffix(".new")
    with beside.open("w", encoding="utf-8") as out:
        out.write(told)
        out.flush()
        os.fsync(out.fileno())
    beside.replace(place)


def published() -> Published:
    """What everybody may read now."""
    try:
        told = json.loads(_file().read_text("utf-8"))
    except FileNotFoundError:
        return Published(registers.build(governance.shipped(), clock.today().isoformat()))
    changes = tuple(Change(**one) for one in told["changes"])
    return Published(read(told["sections"]), told["number"], date.fromisoformat(told["day"]), changes)
