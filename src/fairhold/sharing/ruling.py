"""The gate as everything with a store must ask it: by the rows that count here, with what is held against a share.

`gate.decide` alone knows nothing of a council's own rows, confirmations and proofs; only the pure command calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from fairhold import policy
from fairhold.access import Scope
from fairhold.governance import Book
from fairhold.policy.books import digest
from fairhold.sharing import conditions, gate
from fairhold.sharing.domain import Answer, Hold, Holds, Request

Unconfirmed = frozenset[tuple[str, str]]


def decide(scope: Scope, requests: Sequence[Request], *, holds: Sequence[Holds] | None = None) -> list[Answer]:
    """The answers in the order asked. `holds` says what is held of each for reasons of its own (agreement, origin)."""
    book, unconfirmed = policy.book(scope), policy.unconfirmed(scope)
    lapsed = {day: conditions.lapsed(scope, on=date.fromisoformat(day)) for day in {one["on"] for one in requests}}
    given = holds or [gate.NO_HOLDS] * len(requests)
    same: dict[tuple[object, ...], Holds] = {}  # most requests of a list have the same frame
    told = []
    for request, own in zip(requests, given, strict=True):
        frame = _frame(request)
        if frame not in same:
            evidence = {(None, Hold.EVIDENCE)} if request["channel"] in lapsed[request["on"]] else set()
            shipped = _shipped(book, unconfirmed, request) if unconfirmed else []
            same[frame] = frozenset(evidence | {(name, Hold.SHIPPED) for name in shipped})
        told.append(own | same[frame])
    return gate.decide_many(requests, book=book, holds=told)


def _frame(request: Request) -> tuple[object, ...]:
    return (*(request[name] for name in ("recipient", "purpose", "channel", "on")), tuple(request["fields"]))


def _shipped(book: Book, unconfirmed: Unconfirmed, request: Request) -> list[str]:
    """The asked fields for which some row the answer rests on is not confirmed yet. Of several laws one will do."""
    day, recipient = request["on"], request["recipient"]

    def sure(file: str, **cells: str) -> bool:
        found = [row for row in book.on(file, day) if all(row[name] == text for name, text in cells.items())]
        return all((file, digest(row)) not in unconfirmed for row in found)

    frame = (
        sure("policy_recipients", slug=recipient)
        and sure("policy_purposes", purpose=request["purpose"])
        and sure("policy_channels", channel=request["channel"])
    )
    if not frame:
        return list(request["fields"])
    openings = [
        row
        for row in book.on("policy_opens", day)
        if row["recipient"] == recipient
        and ("policy_opens", digest(row)) not in unconfirmed
        and any(sure("lawful_bases", id=gateway) for gateway in row["gateway"].split())
    ]
    opened = {name for row in openings for name in row["fields"].split()}
    return [name for name in request["fields"] if name not in opened or not sure("policy_fields", field=name)]
