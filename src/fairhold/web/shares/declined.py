"""What was decided not to be shared; and whether it may be said that a service knows a child."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import policy
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.sharing import declined, known
from fairhold.sharing.declined import Declined
from fairhold.sharing.known import Asked, Says
from fairhold.sharing.shares import ShareError
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Link, Several, Table, Text

DECLINE = ("recipient", "organisation", "fields", "reason")
KNOWN = ("person", "recipient", "organisation", "service", "need", "reference", "officer", "power")
SERVICES = [("social_care", "Children's social care"), ("early_help", "Early help"), ("send", "SEND")]


@page("page.declined", "shares/declined.html", posts=True)
def not_shared(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every decision not to share, and a form to record one by itself."""
    form = {name: request.POST.get(name, "").strip() for name in DECLINE}
    errors: dict[str, str] = {}
    may = door("shares.decline").opens_for(scope.purpose.slug)
    if request.method == "POST" and may:
        fields = [part.strip() for part in form["fields"].split(",") if part.strip()]
        told = {name: form[name] for name in ("recipient", "organisation", "reason")}
        try:
            declined.decline(scope, fields=fields, **told)
        except ShareError as fault:
            errors = {fault.at or "reason": fault.sentence}
        else:
            visits.tell(request.visit, "The decision not to share is kept.")
            return back("declined")
    return {
        "title": "Not shared",
        "form": form,
        "errors": errors,
        "may": may,
        "bodies": _bodies(scope),
        "table": table(declined.declined(scope), "Decisions not to share, the newest first"),
    }


def of_child(scope: Scope, person: int) -> Table:
    """What was decided not to be shared of one child, beside the decisions that a share holds."""
    return table(declined.declined(scope, person=person), "Decided not to share")


def _bodies(scope: Scope) -> list[tuple[str, str]]:
    rows = policy.book(scope).on("policy_recipients", scope.day.isoformat())
    return [(row["slug"], row["name"][:1].upper() + row["name"][1:]) for row in rows]


def table(found: list[Declined], caption: str) -> Table:
    """Decisions not to share."""
    return Table(
        caption,
        ["When", "For", "What", "By", Column("Why", "third")],
        [
            [
                one.at,
                Several([Text(one.organisation), Text(one.recipient.replace("-", " "), "small")]),
                Link(f"Share {one.share}", reverse("share", args=[one.share])) if one.share else ", ".join(one.fields),
                "a person" if one.by == "person" else "the gate",
                one.reason,
            ]
            for one in found
        ],
        Empty("Nothing was ever declined.", "A refusal by a person or by the gate is kept here with its reason."),
    )


@page("page.known", "shares/known.html", posts=True)
def is_known(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Somebody asks whether a service knows a child. The answer is one bit, or that we do not say."""
    sent = request.POST if request.method == "POST" else request.GET
    form = dict.fromkeys(KNOWN, "") | {"person": sent.get("person", "").strip()[:200]}
    form |= {name: request.POST.get(name, "").strip()[:200] for name in KNOWN if name in request.POST}
    errors, says = {}, None
    if request.method == "POST":
        number = form["person"]
        person = int(number) if number.isascii() and number.isdecimal() and 0 < int(number) < 2**62 else None
        asked = Asked(**{name: form[name] for name in KNOWN if name != "person"}, purpose="safeguarding")
        try:
            says = known.known(scope, asked=asked, person=person)
        except PlainError as fault:
            errors = {fault.at or "recipient": fault.sentence}
    return {
        "title": "Is a child known to us?",
        "form": form | {"service": form["service"] or "social_care"},
        "errors": errors,
        "says": says,
        "not_said": says is Says.NOT_SAID,
        "bodies": _bodies(scope),
        "services": SERVICES,
    }
