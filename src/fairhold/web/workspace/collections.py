"""The collections of a year: what is owed, on which law, when, to whom it falls, and how ready it is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fairhold.access import Scope
from fairhold.returns.workspace import collections as register
from fairhold.returns.workspace.collections import NOT_FOUND, Readiness
from fairhold.returns.workspace.domain import Counts
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Link, Part, Several, Table, Tag, Text, Why

_VERIFIED = "verified"


@page("page.collections", "workspace/collections.html")
def collections(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every collection of the year, those that end first on top."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else scope.day.year + (scope.day.month > 3)
    found = register.collections(scope, year=year)
    return {
        "title": "Collections",
        "year": year,
        "years": [year - 1, year, year + 1],
        "missing": sum(bool(one.collection.missing) for one in found),
        "table": Table(
            f"Collections of {year - 1} to {year}",
            [Column("Collection", "third"), "How ready", "Window", "Statute", "Answers for it"],
            [_row(one) for one in sorted(found, key=lambda one: not one.known)],
            Empty("No collection of this year is in the register.", "Choose another year."),
        ),
    }


def _row(one: Readiness) -> list[Any]:
    of = one.collection
    ready: list[Part] = [Text(one.sentence)]
    if one.run is not None and one.counts is not None:
        ready.append(Link(f"Run {one.run.id}", reverse("findings", args=[one.run.id]), f"of {of.title}"))
        ready.append(Text(_totals(one.counts), "small"))
    window: list[Part] = [Text(of.window)]
    if of.status != _VERIFIED:
        window.append(Text(f"Not verified: {of.status}.", "small"))
    about = " ".join(part for part in (f"{of.who}.", f"Reference date: {of.reference_date}.", of.notes) if part)
    return [
        Several([Text(of.title), Why(about, "More", of.title)]),
        Several(ready),
        Several(window),
        _told(of.statute, of.law_note),
        of.owner if of.owner != NOT_FOUND else Tag("Nobody named", "red"),
    ]


def _totals(counts: Counts) -> str:
    errors = f"{counts.errors + counts.unverified:,} errors, {counts.queries:,} queries"
    return f"{errors}, {counts.not_run} rules not run, {counts.set_aside} left out"


def _told(statute: str, note: str) -> Part:
    if statute == NOT_FOUND:
        return Tag("Statute not found", "red")
    return Several([Text(statute), Text(note, "small")])
