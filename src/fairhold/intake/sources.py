"""Who may send: registered sources, and how often each is expected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from fairhold.access import Refused, Row, Scope, verb
from fairhold.dates import clock

Kind = Literal["school", "case-system", "register"]
Origin = Literal["council", "dfe", "public-body"]
WEEK = 7


@dataclass(frozen=True)
class NewSource:
    """A source to register. A school needs `lea` and `estab`; `case_system` names its software.

    `origin` says whose data it is: what comes from the DfE or another public body goes on only with that body's word.
    """

    kind: Kind
    name: str
    lea: str | None = None
    estab: str | None = None
    urn: str | None = None
    case_system: str | None = None
    origin: Origin = "council"


@verb("sources.add")
def add_sources(scope: Scope, *, sources: list[NewSource], owner: str = "data-officer") -> int:
    """Register sources; schools are then expected to send a transfer file every week. Returns how many are new.

    One that is registered already is left as it is.
    """
    added = 0
    for source in sources:
        _check(source)
        number = scope.value(
            "insert into system.source (kind, name, lea, estab, urn, case_system, origin, owner, registered_by,"
            " registered_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing returning id",
            (
                source.kind,
                source.name,
                source.lea,
                source.estab,
                source.urn,
                source.case_system,
                source.origin,
                owner,
                scope.actor.name,
                clock.now(),
            ),
        )
        if number is not None:
            added += 1
            if source.kind == "school":
                _expect(scope, number, owner)
    scope.tell(added=added)
    return added


def _check(source: NewSource) -> None:
    if source.kind == "school" and not (_digits(source.lea, 3) and _digits(source.estab, 4)):
        raise Refused("A school needs its authority number (3 digits) and its establishment number (4 digits).")
    if source.origin not in get_args(Origin):
        raise Refused(f"A source's data is of one of: {', '.join(get_args(Origin))}.")
    if not source.name:
        raise Refused("A source needs a name.")


def _digits(text: str | None, length: int) -> bool:
    return text is not None and len(text) == length and text.isascii() and text.isdigit()


def _expect(scope: Scope, source: int, owner: str) -> None:
    scope.run(
        "insert into system.feed (source_id, kind, every_days, since, owner) values (%s, 'ctf', %s, %s, %s)"
        " on conflict do nothing",
        (source, WEEK, scope.day, owner),
    )


@verb("sources.list")
def list_sources(scope: Scope) -> list[Row]:
    """Every registered source with how many files it has sent and when the last one came."""
    found = scope.rows(
        "select s.id, s.kind, s.name, s.lea, s.estab, s.urn, s.case_system, s.origin, s.owner, s.registered_by,"
        " s.registered_at, count(d.id) as deliveries, max(d.received_at) as last_received"
        " from system.source s left join system.delivery d on d.source_id = s.id group by s.id order by s.kind, s.name"
    )
    scope.tell(rows=len(found))
    return found
