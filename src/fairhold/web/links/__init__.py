"""Pairs of records that no rule may join: a person says whether they are one child. And the undoing of a link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import access, identity
from fairhold.access import Scope
from fairhold.identity import Candidate, Doubt
from fairhold.identity.domain import WORDS
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Button, Empty, Link, Several, Table, Tag

AT_ONCE = 20
AGREE, DIFFER, MISSING = Tag("Agrees", "green"), Tag("Differs", "red"), Tag("Not given", "grey")
DETAILS = ("surname", "forename", "date_of_birth", "sex", "upn", "postcode")
TITLES = {
    Doubt.DETAILS_DISAGREE: "One number, details differ",
    Doubt.ONE_NUMBER: "One number, perhaps two children",
    Doubt.TWO_NUMBERS: "Two numbers, perhaps one child",
    Doubt.NOT_UNIQUE: "More than one child fits",
    Doubt.TWIN: "Perhaps the twin",
    Doubt.SAME_SOURCE: "Two children of one source",
    Doubt.PROTECTED: "A protected child",
}


@page("page.links", "links/review.html", posts=True)
def review(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Pairs to judge, both records side by side."""
    if request.method == "POST":
        number = request.POST.get("pair", "")
        visits.tell(request.visit, _judge(scope, request.POST.get("act", ""), int(number) if number.isdecimal() else 0))
        return back("links")
    asked = request.GET.get("kind", "")
    kind = next((doubt for doubt in Doubt if doubt.value == asked), None)
    found = identity.review(scope, kind=kind.value if kind else None, limit=AT_ONCE)
    return {
        "title": "Matches to judge",
        "pairs": [(pair, TITLES[pair.doubt], _side_by_side(pair), _buttons(pair)) for pair in found],
        "kinds": [(doubt.value, TITLES[doubt]) for doubt in Doubt],
        "kind": kind.value if kind else "",
        "full": len(found) == AT_ONCE,
        "empty": Empty(
            "No pair waits to be judged.", "The rules put a pair here when they may not decide by themselves."
        ),
    }


@page("page.undo-link", "links/undo.html", posts=True)
def undo(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any]:
    """Take a link back, with a reason; then what was built on it."""
    context: dict[str, Any] = {"title": "These are two children", "number": number}
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()
        if not reason:
            return context | {"errors": {"reason": "Say why the two records are not one child."}}
        context["undone"] = identity.undo(scope, link=number, reason=reason)
    return context


def _judge(scope: Scope, act: str, number: int) -> str:
    if act == "accept":
        identity.accept(scope, candidate=number)
        return "The two records are now one child."
    if act == "reject":
        identity.reject(scope, candidate=number)
        return "The two records stay two children; the pair will not be offered again."
    raise access.Refused("Say whether the two records are one child.")


def _side_by_side(pair: Candidate) -> Table:
    one, other = pair.sides
    state = {name: AGREE for name in pair.evidence.agree} | {name: DIFFER for name in pair.evidence.differ}
    return Table(
        "The two records",
        ["Detail", one.source, other.source, "Compared"],
        [
            [
                WORDS[name].capitalize() if name != "upn" else "UPN",
                getattr(one, name),
                getattr(other, name),
                state.get(name, MISSING),
            ]
            for name in DETAILS
        ],
        caption_size="s",
    )


def _buttons(pair: Candidate) -> Several:
    about = f"pair {pair.id}"
    return Several(
        [
            Button("One child", reverse("links"), {"pair": pair.id, "act": "accept"}, "", about),
            Button("Two children", reverse("links"), {"pair": pair.id, "act": "reject"}, "secondary", about),
        ]
    )


def undo_link(number: int) -> Link:
    """The way to take a link back."""
    return Link("Undo", reverse("undo-link", args=[number]), "this join")
