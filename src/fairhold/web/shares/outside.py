"""The partner's own pages: ask, and read the answer. And the staff's: read what was asked, match the child, or not."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import policy
from fairhold.access import Scope
from fairhold.sharing import asked_outside
from fairhold.sharing.asked_outside import Answer, Asked, Question
from fairhold.sharing.shares import ShareError, Urgency
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Item, Link, Summary, Table, Tag

TAGS = {
    Answer.WAITS: Tag("Waits", "yellow"), Answer.NOTHING: Tag("Nothing shared", "grey"),
    Answer.SENT: Tag("Sent", "green"),
}  # fmt: skip
URGENCIES = [
    (Urgency.ROUTINE, "Within ten days"),
    (Urgency.SOON, "Within two working days"),
    (Urgency.TODAY, "Today"),
]
MUST_SHOW = {"police", "immigration"}  # kinds of body that name an officer and a power each time
TEXTS = ("flow", "child_said", "identifiers", "need", "reason", "urgency", "reference", "officer", "power")


@page("page.own-requests", "shares/own_requests.html")
def own(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """A partner's requests with the answer in plain words; never whether a child is known."""
    try:
        found, problem = asked_outside.own(scope), ""
    except ShareError as error:
        found, problem = [], error.sentence
    rows = [
        [one.id, one.asked_at, one.question.child_said, _fields(one), TAGS[one.answer], one.sentence] for one in found
    ]
    heads: list[str | Column] = [
        "Request",
        "Asked",
        Column("Child, in your words", "third"),
        "What",
        "State",
        Column("Answer", "third"),
    ]
    nothing = Empty("You have asked for nothing yet.", "What you ask, and the answer, will stand here.")
    table = Table("The newest first", heads, rows, nothing)
    return {"title": "Your requests", "table": table, "problem": problem}


@page("page.ask", "shares/ask.html", posts=True)
def ask(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """The form a partner fills in: which child, what, and why."""
    form = {name: request.POST.get(name, "").strip() for name in TEXTS}
    fields = request.POST.getlist("fields")
    errors: dict[str, str] = {}
    try:
        offered = asked_outside.kinds(scope)
    except ShareError as error:
        offered, errors = [], {"flow": error.sentence}
    if len(offered) == 1:
        form["flow"] = offered[0].slug
    if request.method == "POST" and not errors:
        errors = _lacking(form, fields)
    if request.method == "POST" and not errors:
        if form["urgency"] not in set(Urgency):
            form["urgency"] = Urgency.ROUTINE
        try:
            asked_outside.ask(scope, question=_question(form, fields))
        except ShareError as error:
            errors = {error.at or "flow": error.sentence}
        else:
            visits.tell(request.visit, "Your request is with the council.")
            return back("own-requests")
    titles = {row["field"]: row["title"] for row in policy.book(scope).on("policy_fields", str(scope.day))}
    every = dict.fromkeys(name for flow in offered for name in flow.fields)
    return {
        "title": "Ask for data about a child",
        "crumbs": [{"text": "Your requests", "href": reverse("own-requests")}],
        "flows": [(one.slug, one.title) for one in offered],
        "fields": [(name, titles.get(name, name)) for name in every],
        "chosen": fields,
        "reasons": [(one.slug, one.title) for one in policy.reasons(scope) if one.identified],
        "urgencies": URGENCIES,
        "must_show": any(MUST_SHOW & set(one.recipients) for one in offered),
        "form": form | {"urgency": form["urgency"] or Urgency.ROUTINE},
        "errors": errors,
    }


def _lacking(form: dict[str, str], fields: list[str]) -> dict[str, str]:
    """What is still empty, each beside its field."""
    wanted = {
        "flow": "Choose what you ask for.",
        "child_said": "Say which child you ask about.",
        "fields": "Tick what you need to know.",
        "reason": "Choose the reason.",
        "need": "Say what you will do with it.",
    }
    return {name: sentence for name, sentence in wanted.items() if not (fields if name == "fields" else form[name])}


def _fields(one: Asked) -> str:
    return ", ".join(one.question.fields).replace("_", " ")


def _question(form: dict[str, str], fields: list[str]) -> Question:
    told: dict[str, Any] = {name: form[name] for name in TEXTS}
    told |= {name: form[name] or None for name in ("reference", "officer", "power")}
    return Question(**told | {"fields": fields, "urgency": Urgency(form["urgency"])})


@page("page.outside", "shares/outside.html")
def asked(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What bodies outside ask under the purpose at work."""
    rows = [
        [
            Link(f"Request {one.id}", reverse("outside-one", args=[one.id])),
            one.name,
            one.question.flow.replace("-", " "),
            one.asked_at,
            TAGS[one.answer],
        ]
        for one in asked_outside.listed(scope)
    ]
    heads = ["Request", "From", "What", "Asked", "Answer"]
    table = Table("Requests, the newest first", heads, rows, Empty("No body outside has asked for anything."))
    return {"title": "Asked from outside", "crumbs": _crumbs(), "table": table}


@page("page.outside-one", "shares/outside_one.html", posts=True)
def asked_one(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """One request: find the child and answer it by a share, or answer it with nothing."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            asked_outside.decline(scope, request=number, why=request.POST.get("note", "").strip())
        except ShareError as error:
            errors = {"note": error.sentence}
        else:
            visits.tell(request.visit, "The request is answered: nothing is shared.")
            return back("outside")
    try:
        found = asked_outside.read(scope, request=number)
    except ShareError:
        raise Http404 from None
    return {
        "title": f"Request {number}",
        "crumbs": [*_crumbs(), {"text": "Asked from outside", "href": reverse("outside")}],
        "asked": found,
        "facts": _facts(found),
        "tag": TAGS[found.answer],
        "open": found.answer is Answer.WAITS and found.share is None,
        "errors": errors,
        "note": request.POST.get("note", ""),
    }


def _facts(found: Asked) -> Summary:
    told = found.question
    shown = [
        ("From", found.name), ("Child, in their words", told.child_said), ("Identifiers", told.identifiers),
        ("What", _fields(found)), ("Why", told.need), ("Reference", told.reference),
        ("Officer", told.officer), ("Power", told.power), ("How soon", told.urgency),
    ]  # fmt: skip
    return Summary([Item(name, text) for name, text in shown if text])


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Shares", "href": reverse("shares")}]
