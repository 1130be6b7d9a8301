"""Shares: proposed by one person, decided for each child and field, approved by another, sent, accounted for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.sharing import parties, proposing, recalls, sending, stopping
from fairhold.sharing.parties import Partner
from fairhold.sharing.shares import Share, ShareError
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Link, Table, Tag
from fairhold.web.shares import views


@page("page.shares", "shares/shares.html")
def shares(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every share, the newest first."""
    may = {
        name: door(f"page.{name}").opens_for(scope.purpose.slug) for name in ("propose-share", "outside", "schedules")
    }
    shown = {name.replace("-", "_"): opens for name, opens in may.items()}
    return {"title": "Shares", "table": _table(proposing.listed(scope)), "may": shown}


@page("page.share", "shares/share.html", posts=True)
def share(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """One share with its decisions, and what may be done with it next."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            visits.tell(request.visit, _act(scope, number, request.POST))
        except ShareError as error:
            errors = {"note": error.sentence}
        else:
            return back("share", number)
    try:
        found, counts = proposing.shown(scope, share=number)
    except ShareError:
        raise Http404 from None
    return {
        "title": f"Share {number}",
        "crumbs": _crumbs(),
        "share": found,
        "state": views.STATES[found.state],
        "facts": views.facts(found, scope.actor.id),
        "summary": views.summary(found, counts),
        "decisions": views.decisions(counts),
        "acts": _acts(scope, found),
        "errors": errors,
        "note": request.POST.get("note", ""),
    }


@page("page.recipients", "shares/recipients.html", posts=True)
def recipients(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Who may receive files. Keys count once a second person has compared their fingerprints."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            visits.tell(request.visit, _act_on_recipient(scope, request.POST))
        except ShareError as error:
            errors = {"": error.sentence}
        else:
            return back("recipients")
    found = parties.partners(scope)
    names = {body.id: body.body.name for body in found}
    may_confirm = door("shares.confirm-partner").opens_for(scope.purpose.slug)
    return {
        "title": "Recipients",
        "crumbs": _crumbs(),
        "table": _recipients(found),
        "waiting": [body for body in found if body.confirmed_by is None] if may_confirm else [],
        "bodies": found if door("shares.stop-recipient").opens_for(scope.purpose.slug) else [],
        "stops": [(one, names.get(one.partner, "")) for one in stopping.standing(scope)],
        "may_lift": door("shares.lift-stop").opens_for(scope.purpose.slug),
        "errors": errors,
    }


def _act_on_recipient(scope: Scope, sent: Any) -> str:
    """Confirm keys, stop a recipient at once, or want a stop lifted."""
    number, act = sent.get("partner", ""), sent.get("act")
    partner = int(number) if number.isdecimal() else 0
    if act == "stop":
        stopping.stop(scope, partner=partner, why=sent.get("why", "").strip())
        return "The recipient is stopped: nothing goes to it any more."
    if act == "lift":
        stop = sent.get("stop", "")
        lifted = stopping.lift(scope, stop=int(stop) if stop.isdecimal() else 0).lifted_at
        return "The stop is lifted." if lifted else "A second person must want the stop lifted too."
    given = {name: sent.get(name, "") for name in ("age_fingerprint", "host_fingerprint")}
    parties.confirm_partner(scope, partner=partner, **given)
    return "The recipient's keys are confirmed."


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Shares", "href": reverse("shares")}]


def _act(scope: Scope, number: int, form: Any) -> str:
    """Do what a button of the page says, and say that it is done."""
    act, note = form.get("act"), form.get("note", "").strip()
    if act in ("approve", "refuse"):
        proposing.judge(scope, share=number, approves=act == "approve", note=note)
        return "The share is approved." if act == "approve" else "The share is refused; nothing leaves."
    if act == "pack":
        made = sending.pack(scope, share=number)
        return f"The package is made: {made.rows} rows, encrypted to the recipient's key."
    if act == "send":
        sent = sending.send(scope, share=number)
        return str(sent["said"]) if sent["arrived"] else f"It did not arrive. {sent['said']}"
    if act in recalls.ACTIONS:
        recalls.recall(scope, share=number, action=act, reason=note)
        return "The recipient is told."
    raise PlainError("Choose what to do with this share.")


def _acts(scope: Scope, found: Share) -> dict[str, bool]:
    """What this person may do with the share as it stands."""
    may = {act: door(f"shares.{act}").opens_for(scope.purpose.slug) for act in ("judge", "pack", "send", "recall")}
    own = found.proposed_by == scope.actor.id
    return {
        "judge": may["judge"] and found.state == "proposed" and not own,
        "own": may["judge"] and found.state == "proposed" and own,
        "pack": may["pack"] and found.state == "approved",
        "send": may["send"] and found.state == "packed",
        "recall": may["recall"] and found.state == "sent",
    }


def _table(found: list[Share]) -> Table:
    return Table(
        "Shares, the newest first",
        ["Share", "For", "Decided", "State", Column("Children asked about", "number"), Column("Rows sent", "number")],
        [
            [
                Link(f"Share {each.id}", reverse("share", args=[each.id])),
                each.partner,
                each.as_of,
                views.STATES[each.state],
                each.children,
                each.rows,
            ]
            for each in found
        ],
        Empty("Nothing was ever shared.", "A share begins with a proposal and a stated need."),
    )


def _recipients(found: list[Partner]) -> Table:
    return Table(
        "Bodies that may receive files",
        ["Name", "Kind", "Server", "Keys", "Fingerprints"],
        [
            [
                body.body.name,
                body.body.kind.replace("-", " "),
                body.body.endpoint.host,
                Tag("Confirmed", "green") if body.confirmed_by else Tag("To be confirmed", "yellow"),
                views.fingerprints(body),
            ]
            for body in found
        ],
        Empty("No recipient is registered.", "An officer registers one with fairhold share."),
    )
