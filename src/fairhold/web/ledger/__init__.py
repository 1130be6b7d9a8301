"""The ledger: what was seen and done, by whom, for which purpose; and the check that nobody changed it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fairhold import ledger
from fairhold.access import Scope, accounts, audit
from fairhold.access.doors import door
from fairhold.ledger import checkpoints
from fairhold.web import words
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Table

AT_ONCE = 50


@page("page.ledger", "ledger/ledger.html", posts=True)
def events(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The newest events, and the verdict when it was asked for."""
    before, kind = request.GET.get("before", ""), words.known_act(request.GET.get("kind", ""))
    found = audit.show(scope, limit=AT_ONCE, before=int(before) if before.isdecimal() else None, kind=kind or None)
    context: dict[str, Any] = {"title": "Ledger", "table": _table(found, _names(scope)), "kind": kind}
    context["kinds"] = sorted({(event.kind, words.act(event.kind)) for event in found} | {(kind, words.act(kind))})
    if len(found) == AT_ONCE:
        context["older"] = f"{reverse('ledger')}?before={found[-1].seq}&kind={kind}"
    if request.method == "POST":
        context |= _verdict(scope, request.POST.get("checkpoint", "").strip())
    return context


def _names(scope: Scope) -> dict[str, str]:
    """Account numbers to names, for a purpose that may see the accounts."""
    if not door("accounts.list").opens_for(scope.purpose.slug):
        return {}
    return {str(account.id): account.name for account in accounts.listed(scope)}


def _verdict(scope: Scope, line: str) -> dict[str, Any]:
    try:
        return {"verdict": audit.verify(scope, checkpoints=[checkpoints.parse(line)] if line else []), "line": line}
    except ledger.LedgerError as error:
        return {"errors": {"checkpoint": error.sentence}, "line": line}


def _table(found: list[ledger.Event], names: dict[str, str]) -> Table:
    return Table(
        "Events, the newest first",
        ["Number", "When", "What", "Who", "Purpose", Column("Children", spare=True), Column("Detail", spare=True)],
        [
            [
                event.seq,
                event.at,
                words.act(event.kind),
                _who(event, names),
                words.purpose(event.purpose),
                len(event.children) or None,
                ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in event.detail.items()),
            ]
            for event in found
        ],
        Empty("No event of this kind stands in the ledger."),
    )


def _who(event: ledger.Event, names: dict[str, str]) -> str:
    if not event.role:
        return "Somebody not signed in"
    return f"{names.get(event.actor, f'Account {event.actor}')}, {words.role(event.role)}"
