"""Shares: proposed by one person, decided for each child and field, approved by another, sent, accounted for."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import governance, policy
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.sharing import parties, proposing, recalls, sending
from fairhold.sharing.parties import Partner
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import Share, ShareError
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Link, Table, Tag
from fairhold.web.shares import views

YOUTH_LIST = governance.shipped().on("share_flows", "9999-12-31")[0]["fields"].split()
FIELD_WORDS = [(name, name.replace("_", " ").capitalize()) for name in YOUTH_LIST]


@page("page.shares", "shares/shares.html")
def shares(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every share, the newest first."""
    may_propose = door("page.propose-share").opens_for(scope.purpose.slug)
    return {"title": "Shares", "table": _table(proposing.listed(scope)), "may_propose": may_propose}


@page("page.propose-share", "shares/propose.html", posts=True)
def propose(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """The form of a new share. Proposing decides it; a second person approves it before anything leaves."""
    chosen = request.POST.getlist("fields") if request.method == "POST" else list(YOUTH_LIST)
    form = {name: request.POST.get(name, "").strip() for name in ("partner", "need", "reason")}
    errors: dict[str, str] = {}
    bodies = parties.partners(scope)
    if request.method == "POST":
        errors = _errors(form, bodies, chosen)
        if not errors:
            try:
                made = proposing.propose(
                    scope, asking=Asking(int(form["partner"]), form["need"], form["reason"], fields=chosen)
                )
            except ShareError as error:
                errors = {"partner": error.sentence}
            else:
                visits.tell(request.visit, "The share is decided, and waits for a second person to approve it.")
                return back("share", made.id)
    return {
        "title": "Propose a share",
        "crumbs": _crumbs(),
        "bodies": [(str(body.id), body.body.name) for body in bodies],
        "fields": FIELD_WORDS,
        "reasons": [(one.slug, one.title) for one in policy.reasons(scope)],
        "chosen": chosen,
        "form": form,
        "errors": errors,
    }


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
        given = {name: request.POST.get(name, "") for name in ("age_fingerprint", "host_fingerprint")}
        number = request.POST.get("partner", "")
        try:
            parties.confirm_partner(scope, partner=int(number) if number.isdecimal() else 0, **given)
        except ShareError as error:
            errors = {"": error.sentence}
        else:
            visits.tell(request.visit, "The recipient's keys are confirmed.")
            return back("recipients")
    found = parties.partners(scope)
    may_confirm = door("shares.confirm-partner").opens_for(scope.purpose.slug)
    return {
        "title": "Recipients",
        "crumbs": _crumbs(),
        "table": _recipients(found),
        "waiting": [body for body in found if body.confirmed_by is None] if may_confirm else [],
        "errors": errors,
    }


@page("page.child-shares", "shares/child.html")
def of_child(request: HttpRequest, scope: Scope, person: int) -> dict[str, Any]:
    """What was decided about one child in every share, and what left."""
    return {
        "title": "What was shared of this child",
        "crumbs": [{"text": "The child's record", "href": reverse("child", args=[person])}],
        "table": views.traces(recalls.trace(scope, persons=[person])),
    }


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Shares", "href": reverse("shares")}]


def _errors(form: dict[str, str], bodies: list[Partner], chosen: list[str]) -> dict[str, str]:
    errors = {}
    if form["partner"] not in {str(body.id) for body in bodies}:
        errors["partner"] = "Choose who the list is for."
    if not form["need"]:
        errors["need"] = "Say why the recipient needs this list."
    if not form["reason"]:
        errors["reason"] = "Choose the reason."
    if not chosen or not set(chosen) <= set(YOUTH_LIST):
        errors["fields"] = "Choose at least one field."
    return errors


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
