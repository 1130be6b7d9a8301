"""What one event is, and the exact bytes of it that are hashed."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fairhold.errors import PlainError
from fairhold.ledger import tree

Detail = Mapping[str, str | int]

_KIND = re.compile(r"[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)*")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")
_UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b")
_ODD = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")  # control characters and half characters
_LONGEST = 4000  # characters; enough for the names of a wide table's fields


class LedgerError(PlainError):
    """The ledger cannot do what was asked: what, where, what to do; no personal data."""


@dataclass(frozen=True)
class Event:
    """One numbered act: when (UTC), what, by which account, role and purpose, about which children, with what detail.

    `children` are keyed references (hexadecimal, sorted, each once), never names or numbers of children.
    """

    seq: int
    at: datetime
    kind: str
    actor: str
    role: str
    purpose: str
    children: tuple[str, ...]
    detail: Detail

    def canonical(self) -> bytes:
        """The bytes the event's leaf hash covers: JSON, keys sorted, no spaces, UTF-8, the time to the microsecond."""
        return json.dumps(self.as_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def leaf(self) -> tree.Hash:
        """The event's leaf in the hash tree."""
        return tree.leaf_hash(self.canonical())

    def as_json(self) -> dict[str, object]:
        """The event as plain JSON values, as exported."""
        return {
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "kind": self.kind,
            "actor": self.actor,
            "role": self.role,
            "purpose": self.purpose,
            "children": list(self.children),
            "detail": dict(self.detail),
        }


@dataclass(frozen=True)
class Stored:
    """An event as it is kept, with the subtrees of the hash tree it completed (level 0 first) and its seal.

    Read from an export, it comes without the two: the tree is then grown from the events alone.
    """

    event: Event
    nodes: tuple[tree.Hash, ...] | None
    seal: bytes


def event_of(values: Mapping[str, object]) -> Event:
    """An event from the values of `as_json`. Raises LedgerError when they are not those of an event."""
    try:
        return Event(
            seq=int(str(values["seq"])),
            at=datetime.fromisoformat(str(values["at"])),
            kind=str(values["kind"]),
            actor=str(values["actor"]),
            role=str(values["role"]),
            purpose=str(values["purpose"]),
            children=tuple(values["children"]),  # type: ignore[arg-type]
            detail=dict(values["detail"]),  # type: ignore[call-overload]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LedgerError("This is not an event of the ledger: a value is missing or of the wrong kind.") from error


def check_event(kind: str, detail: Detail) -> None:
    """Refuse what must not stand in the ledger for ever: odd kinds, odd keys, long text, a pupil number."""
    if not _KIND.fullmatch(kind):
        raise LedgerError("The kind of a ledger event is written in small letters with dots, like record.read.")
    for key, value in detail.items():
        if not _KEY.fullmatch(key):
            raise LedgerError("A ledger event's detail is named in small letters, digits and underscores.")
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise LedgerError(f"The ledger event {kind} has a detail ({key}) that is neither text nor a whole number.")
        if isinstance(value, str) and (len(value) > _LONGEST or _ODD.search(value)):
            raise LedgerError(f"The ledger event {kind} has a detail ({key}) that is too long or not text.")
        if isinstance(value, str) and _UPN.search(value):
            raise LedgerError(f"The ledger event {kind} has a pupil number in its detail ({key}): give a count.")


def reference(key: bytes, subject: int) -> str:
    """How a subject appears in the ledger: HMAC-SHA256 under the subject's own key, first 16 bytes in hexadecimal."""
    return hmac.digest(key, b"fairhold child %d" % subject, "sha256")[:16].hex()
