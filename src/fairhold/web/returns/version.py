"""One frozen version: hash, signatures, receipts; made again to show that it can be; taken out for the portal."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.returns.submission import exporting, receipts, recreating, versions
from fairhold.returns.submission.domain import Submission
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Empty, Item, Summary, Table, Text
from fairhold.web.returns import looks

TYPES = {".zip": "application/zip", ".xml": "application/xml"}


@page("page.submission", "returns/version.html", posts=True)
def version(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """Look at a version, make it again, record what the portal answered."""
    found = looks.or_not_found(lambda: versions.version(scope, submission=number))
    form = {name: request.POST.get(name, "").strip() for name in ("reference", "on", "channel")}
    errors: dict[str, str] = {}
    if request.method == "POST" and request.POST.get("act") == "recreate":
        visits.tell(request.visit, recreating.recreate(scope, submission=number).sentence)
        return back("submission", number)
    if request.method == "POST":
        errors = _received(request, scope, number, form)
        if not errors:
            visits.tell(request.visit, "The receipt is recorded.")
            return back("submission", number)
    return {
        "title": looks.version(found),
        "crumbs": [{"text": "Submissions", "href": reverse("returns")}],
        "submission": found,
        "facts": _facts(found),
        "build_facts": looks.facts(found.build),
        "signatures": looks.signatures(found.build.signatures),
        "receipts": _receipts(found),
        "may_recreate": door("returns.recreate").opens_for(scope.purpose.slug),
        "channels": list(receipts.channels().items()),
        "form": form | {"channel": form["channel"] or "collect"},
        "errors": errors,
    }


@page("export.submission")
def file(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """The exact bytes that were frozen, for whoever may see every child in them."""
    looks.or_not_found(lambda: versions.version(scope, submission=number))
    found = exporting.export(scope, submission=number)
    name = found.submission.build.file
    answer = HttpResponse(found.data, content_type=TYPES[name[-4:]])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _received(request: HttpRequest, scope: Scope, number: int, form: dict[str, str]) -> dict[str, str]:
    try:
        on = date.fromisoformat(form["on"])
    except ValueError:
        return {"on": "Enter the day as 2026-11-23."}
    sent = request.FILES.get("answer")
    try:
        receipts.receipt(
            scope,
            submission=number,
            reference=form["reference"],
            on=on,
            channel=form["channel"],
            answer=sent.read() if sent else None,
        )
    except PlainError as error:
        return {"reference": error.sentence}
    return {}


def _facts(found: Submission) -> Summary:
    return Summary(
        [
            Item("Frozen", found.frozen_at),
            Item("Size in bytes", found.size),
            Item("Hash (SHA-256)", Text(found.sha256, "code")),
            Item("Rules (SHA-256)", Text(found.rules_digest, "code")),
            Item("Explained errors", found.counts["errors_explained"]),
            Item("Rules not run", found.counts["rules_not_run"]),
            Item("Kept until", found.due),
            Item("Why until then", found.due_why),
        ]
    )


def _receipts(found: Submission) -> Table:
    titles = receipts.channels()
    return Table(
        "Receipts",
        ["Reference", "Received", "By", "Recorded", "File"],
        [
            [
                one.reference,
                one.received_on,
                titles.get(one.channel, one.channel),
                one.recorded_at,
                "Kept" if one.file_id else "",
            ]
            for one in found.receipts
        ],
        Empty("The portal has not answered yet.", "Record its reference when it does."),
    )
