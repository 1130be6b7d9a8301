"""One build: what it holds, what stands in its way, who signed, and what to do next."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.errors import PlainError
from fairhold.returns.submission import freezing, signing, tracing, versions
from fairhold.returns.submission.domain import Build, Standing
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Count, Counts, Table
from fairhold.web.returns import looks


@page("page.build", "returns/build.html", posts=True)
def build(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """Look at a build, sign it, freeze it."""
    found, standing = looks.or_not_found(lambda: versions.look(scope, build=number))
    note, error = request.POST.get("note", "").strip(), ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "freeze":
                frozen = freezing.freeze(scope, build=number)
                visits.tell(request.visit, "The return is frozen. Nothing changes it any more.")
                return back("submission", frozen.id)
            signing.sign(scope, build=number, note=note)
            visits.tell(request.visit, "You have signed.")
            return back("build", number)
        except PlainError as refusal:
            error = refusal.sentence
    return {
        "title": f"Build {found.id}",
        "crumbs": [{"text": "Submissions", "href": reverse("returns")}],
        "build": found,
        "heading": looks.title(found.name, found.year),
        "state": looks.state(found),
        "counts": _counts(found, standing),
        "facts": looks.facts(found),
        "signatures": looks.signatures(found.signatures),
        "next": _next(found, standing, scope.actor.id),
        "unexplained": standing.unexplained,
        "note": note,
        "error": error,
        **_traced(request, scope, found),
    }


def _traced(request: HttpRequest, scope: Scope, found: Build) -> dict[str, Any]:
    """Where one row of the build comes from, if that was asked."""
    asked = {name: request.GET.get(name, "").strip() for name in ("table", "row")}
    context: dict[str, Any] = {
        "asked": asked,
        "trace_error": "",
        "traced": "",
        "tables": [(name, name) for name in found.rows],
    }
    if not any(asked.values()):
        return context
    if not asked["row"].isdecimal():
        return context | {"trace_error": "Enter the number of the row; the first below the heading is 1."}
    try:
        origins = tracing.trace(scope, build=found.id, table=asked["table"], row=int(asked["row"]))
    except PlainError as refusal:
        return context | {"trace_error": refusal.sentence}
    rows = [[one.what, one.delivery, one.line] for one in origins]
    return context | {
        "traced": Table("Told by", ["What", Column("Delivery", "number"), Column("Line", "number")], rows)
    }


def _counts(found: Build, standing: Standing) -> Counts:
    run = reverse("findings", args=[found.run_id])
    return Counts(
        [
            Count(standing.unexplained, "errors to put right or explain", run, "red" if standing.unexplained else ""),
            Count(standing.errors - standing.unexplained, "errors explained", run),
            Count(standing.queries, "queries", run),
            Count(standing.not_run, "rules not run", run),
        ]
    )


def _next(found: Build, standing: Standing, me: int) -> str:
    """What this person can do now: sign, freeze, or wait, and for what."""
    if found.version is not None:
        return "frozen"
    if found.expired:
        return "expired"
    if standing.unexplained:
        return "explain"
    if found.signed:
        return "freeze"
    return "wait" if any(one.signed_by == me for one in found.signatures) else "sign"
