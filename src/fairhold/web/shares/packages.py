"""A package on its way: codes to fetch it, receipts, notices about it, its deletion; and what is owed altogether."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.sharing import collecting, deletions, handing, proposing, recalls, sending, withdrawn
from fairhold.sharing.deletions import Deletion
from fairhold.sharing.recalls import Recall
from fairhold.sharing.shares import Share, ShareError
from fairhold.sharing.withdrawn import Due
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Item, Link, Summary, Table, Tag, Text

ACTIONS = [("correct", "Correct it"), ("delete", "Delete it")]


@page("page.package", "shares/package.html", posts=True)
def package(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """How a package travels and what became of it. A code is shown on the answer to the form, and never again."""
    errors: dict[str, str] = {}
    offer = None
    if request.method == "POST":
        try:
            if request.POST.get("act") == "offer":
                offer = collecting.offer(scope, share=number)
            else:
                visits.tell(request.visit, _act(scope, number, request.POST))
        except ShareError as error:
            errors = {"note": error.sentence}
        else:
            if offer is None:
                return back("package", number)
    try:
        share, _ = proposing.shown(scope, share=number)
    except ShareError:
        raise Http404 from None
    if share.sha256 is None:
        raise Http404
    gone = deletions.of_share(scope, share=number)
    return {
        "title": f"Package of share {number}",
        "crumbs": [{"text": f"Share {number}", "href": reverse("share", args=[number])}],
        "share": share,
        "facts": _facts(share, gone),
        "offer": offer,
        "acts": _acts(scope, share, gone),
        "notices": _notices(recalls.notices(scope, share=number)),
        "errors": errors,
        "note": request.POST.get("note", ""),
    }


def _act(scope: Scope, number: int, form: Any) -> str:
    act, note, notice = form.get("act"), form.get("note", "").strip(), form.get("notice", "")
    if act == "handed":
        handing.handed(scope, share=number, receipt=note)
        return "The receipt is kept: the package has arrived."
    if act == "deleted":
        deletions.confirm(scope, share=number, said_so=note)
        return "The recipient's word that it has deleted the file is kept."
    if act in ("answered", "again") and notice.isdecimal():
        if act == "answered":
            recalls.acknowledge(scope, recall=int(notice))
            return f"The answer to notice {notice} is kept."
        arrived = recalls.resend(scope, recall=int(notice)).arrived_at
        return f"Notice {notice} has arrived." if arrived else f"Notice {notice} did not arrive."
    raise PlainError("Choose what to do with this package.")


def _acts(scope: Scope, share: Share, gone: Deletion | None) -> dict[str, bool]:
    """What this person may do with the package as it stands."""
    may = {
        act: door(f"shares.{act}").opens_for(scope.purpose.slug)
        for act in ("offer", "take", "handed", "confirm-deletion", "acknowledge")
    }
    by_hand = share.channel not in sending.BY_ITSELF
    return {
        "offer": may["offer"] and share.channel == collecting.CHANNEL,
        "take": may["take"] and by_hand,
        "handed": may["handed"] and by_hand and share.state == "packed",
        "deleted": may["confirm-deletion"] and gone is not None and gone.confirmed_at is None,
        "answer": may["acknowledge"],
    }


def _facts(share: Share, gone: Deletion | None) -> Summary:
    by = "not counted in the agreement" if gone is None else f"{gone.delete_by:%d/%m/%Y}"
    return Summary(
        [
            Item("For", share.partner),
            Item("Way", share.channel),
            Item("Form", share.form),
            Item("Rows", str(share.rows)),
            Item("Package", Text(share.sha256 or "", "code")),
            Item("May be used until", share.expires),
            Item("Arrived", share.arrived_at or "not yet"),
            Item("To be deleted by the recipient by", by),
            *([Item("Deleted", gone.said)] if gone is not None and gone.said else []),
        ]
    )


def _notices(found: list[Recall]) -> Table:
    return Table(
        "Notices to the recipient",
        ["Notice", "Share", "Asks to", "Fields", Column("Rows", "number"), Column("Why", "third"), "State", "File"],
        [
            [
                one.id,
                Link(f"Share {one.share}", reverse("package", args=[one.share])),
                one.action,
                ", ".join(name.replace("_", " ") for name in one.fields) if one.fields else "the whole row",
                len(one.lines),
                one.reason,
                _state(one),
                Link(f"Notice {one.id}", reverse("notice-file", args=[one.id])),
            ]
            for one in found
        ],
        Empty("The recipient was told of nothing.", "A correction or a withdrawal makes a notice."),
    )


def _state(one: Recall) -> Tag:
    if one.acknowledged_at is not None:
        return Tag("Answered", "green")
    return Tag("No answer yet", "yellow") if one.arrived_at is not None else Tag("Did not arrive", "red")


@page("export.package")
def file(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """The package, to be taken to its recipient by hand."""
    try:
        return _download(*handing.take(scope, share=number))
    except ShareError:
        raise Http404 from None


@page("export.notice")
def notice_file(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """A notice, sealed for its recipient."""
    try:
        return _download(*recalls.take(scope, recall=number))
    except ShareError:
        raise Http404 from None


def _download(name: str, data: bytes) -> HttpResponse:
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@page("page.follow-up", "shares/follow_up.html", posts=True)
def follow_up(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Files that should be deleted by now, notices without an answer and, when asked, what recipients must be told."""
    looks = door("shares.notices-due").opens_for(scope.purpose.slug)
    closed: list[Due] | None = None
    corrected: list[Due] = []
    if request.method == "POST" and looks:
        closed, corrected = withdrawn.notices_due(scope), withdrawn.corrections_due(scope)
        if request.POST.get("act") == "tell":
            _tell(scope, closed, "delete", "It may be kept no longer: a consent ended, or somebody objected.")
            _tell(scope, corrected, "correct", "The council's record was corrected.")
            visits.tell(request.visit, "The recipients are told. What did not arrive is among the notices.")
            return back("follow-up")
    return {
        "title": "What is owed",
        "crumbs": [{"text": "Shares", "href": reverse("shares")}],
        "looks": looks,
        "looked": closed is not None,
        "owed": _owed(closed or [], corrected),
        "any": bool(closed or corrected),
        "deletions": _deletions(deletions.due(scope)),
        "notices": _notices([one for one in recalls.notices(scope) if one.acknowledged_at is None]),
    }


def _tell(scope: Scope, found: list[Due], action: str, reason: str) -> None:
    for due in {(due.share, due.person): due for due in found}.values():  # one notice names all rows of a child
        recalls.recall(scope, share=due.share, action=action, reason=reason, person=due.person, fields=due.fields)


def _owed(closed: list[Due], corrected: list[Due]) -> Table:
    return Table(
        "What recipients must be told",
        ["Share", Column("Row", "number"), "Fields", "What"],
        [
            [
                Link(f"Share {due.share}", reverse("package", args=[due.share])),
                due.line,
                ", ".join(name.replace("_", " ") for name in due.fields),
                f"May be kept no longer ({due.rule})" if due.rule else "Was corrected",
            ]
            for due in (*closed, *corrected)
        ],
        Empty("Nobody has to be told anything."),
    )


def _deletions(found: list[Deletion]) -> Table:
    return Table(
        "Files that should be deleted by now",
        ["Share", "Recipient", "Had to be deleted by"],
        [
            [Link(f"Share {one.share}", reverse("package", args=[one.share])), one.partner, one.delete_by]
            for one in found
        ],
        Empty("Every recipient has confirmed what it had to delete by now."),
    )


@page("page.recall-person", "shares/recall_person.html", posts=True)
def recall_person(request: HttpRequest, scope: Scope, person: int) -> dict[str, Any] | HttpResponse:
    """Ask everybody who has a child's row to correct or delete it."""
    form = {name: request.POST.get(name, "").strip() for name in ("action", "note")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made = recalls.everyone(scope, person=person, action=form["action"], reason=form["note"])
        except ShareError as error:
            errors = {"note": error.sentence}
        else:
            late = sum(one.arrived_at is None for one in made)
            told = f"{len(made)} files: their recipients are told. {late} notices did not arrive." if late else ""
            visits.tell(request.visit, told or f"{len(made)} files: their recipients are told.")
            return back("child-shares", person)
    return {
        "title": "Ask everybody who has it",
        "crumbs": [{"text": "What was shared of this child", "href": reverse("child-shares", args=[person])}],
        "person": person,
        "actions": ACTIONS,
        "form": form,
        "errors": errors,
    }
