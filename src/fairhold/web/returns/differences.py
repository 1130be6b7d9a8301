"""A build beside the delivered files: how many differences there are, why, and each of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fairhold.access import Scope
from fairhold.errors import PlainError
from fairhold.returns.building.difference import Difference
from fairhold.returns.building.reasons import Reason
from fairhold.returns.submission import comparing, versions
from fairhold.returns.submission.comparing import Compared
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Table, Tag
from fairhold.web.returns import looks

AT_MOST = 200  # on the page; the command writes all


@page("page.build-differences", "returns/differences.html", posts=True)
def differences(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any]:
    """Compare when asked to: it takes as long as a build."""
    found, _ = looks.or_not_found(lambda: versions.look(scope, build=number))
    context: dict[str, Any] = {
        "title": "Beside the delivered files",
        "crumbs": [
            {"text": "Submissions", "href": reverse("returns")},
            {"text": f"Build {number}", "href": reverse("build", args=[number])},
        ],
        "build": found,
        "compared": False,
        "error": "",
        "reasons": [(reason.value, reason.sentence) for reason in Reason if reason is not Reason.UNEXPLAINED],
    }
    if request.method == "POST":
        try:
            context |= _shown(comparing.compare(scope, build=number))
        except PlainError as error:
            context["error"] = error.sentence
    return context


def _shown(found: Compared) -> dict[str, Any]:
    return {
        "compared": True,
        "unexplained": found.unexplained,
        "withheld": found.withheld,
        "more": max(0, len(found.found) - AT_MOST),
        "tables": Table(
            "Rows",
            ["Table", *(Column(title, "number") for title in ("Delivered", "Built", "The same"))],
            [[table, *counts] for table, counts in found.rows.items()],
        ),
        "counts": Table(
            "Why they differ",
            ["Reason", Column("What it means", "half"), Column("Differences", "number")],
            [[_tag(Reason(reason)), Reason(reason).sentence, count] for reason, count in found.counts.items()],
            Empty("Nothing differs.", "The record gives back what was delivered."),
        ),
        "each": Table(
            "Each difference",
            ["Child", "Table", "What", Column("Delivered", spare=True), Column("Built", spare=True), "Line", "Reason"],
            [_row(one) for one in found.found[:AT_MOST]],
            Empty("There is none that your purpose may see."),
        ),
    }


def _row(one: Difference) -> list[object]:
    what = f"{one.what}: {one.column}" if one.column else one.what
    return [one.child, one.table, what, one.delivered, one.built, one.line, one.why or one.reason.value]


def _tag(reason: Reason) -> Tag:
    return Tag(reason.value[0].upper() + reason.value[1:], "red" if reason is Reason.UNEXPLAINED else "grey")
