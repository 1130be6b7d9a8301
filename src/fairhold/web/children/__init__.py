"""Children: finding one, and the record as at any day, with each value's source and why records are joined."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import record
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.facts.convert import british_date
from fairhold.record import Child, Hit
from fairhold.record.search import LIMIT
from fairhold.web import timelines, visits
from fairhold.web.children import blocks
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Item, Link, Summary, Table, Tag

GUARDS = {1: Tag("Address protected", "purple"), 2: Tag("Restricted", "red")}
SEARCH = "children"  # what was searched for is kept with the visit, never in an address


@page("page.children", "children/search.html", posts=True)
def search(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Find a child by name, number or birth date."""
    if request.method == "POST":
        visits.keep(request.visit, {SEARCH: request.POST.get("text", "").strip()[:100]})
        return back("children")
    text = visits.kept(request.visit).get(SEARCH, "")
    context: dict[str, Any] = {"title": "Children", "text": text, "population": scope.purpose.population}
    return context | {"table": _hits(record.search(scope, text=text))} if text else context


@page("page.child", "children/child.html")
def child(request: HttpRequest, scope: Scope, person: int) -> dict[str, Any]:
    """One child's record, as at today or the day asked for."""
    asked = request.GET.get("on", "")
    on, error = _day(asked)
    try:
        found = record.child(scope, person=person, on=on)
    except record.NoSuchChild:
        raise Http404 from None
    return {
        "title": found.name,
        "crumbs": [{"text": "Children", "href": reverse("children")}],
        "errors": {"on": error} if error else {},
        "child": found,
        "asked": asked or f"{found.on:%d/%m/%Y}",
        "ways": _ways(scope, request.visit, person),
        "past": found.on != scope.day,
        "facts": _facts(found),
        "guard": GUARDS.get(found.guard),
        "drawing": timelines.draw(found.timeline, found.on),
        "timeline": _timeline(found),
        "conflicts": _conflicts(found),
        "domains": blocks.domains(found, deliveries=door("page.deliveries").opens_for(scope.purpose.slug)),
        "joined": _joined(found, undo=door("page.undo-link").opens_for(scope.purpose.slug)),
    }


def _ways(scope: Scope, visit: visits.Visit, person: int) -> list[Link]:
    """What else there is of this child, for whoever may open it; an item is refused under another purpose of theirs."""
    here = {  # link → the door that says who may; one child is asked about under the purposes that link children
        Link("What was chosen for this child", reverse("child-choices", args=[person])): "page.child-choices",
        Link("What was shared of this child", reverse("child-shares", args=[person])): "page.child-shares",
        Link("Ask for a share about this child", f"{reverse('propose-share')}?person={person}"): "page.link-child",
        Link("Tell somebody in an emergency", f"{reverse('emergency')}?person={person}"): "page.emergency",
        Link("Is this child known to us?", f"{reverse('known')}?person={person}"): "page.known",
    }
    found = [link for link, name in here.items() if door(name).opens_for(scope.purpose.slug)]
    if any(door("page.child-voluntary").opens_for(one.slug) for one in visit.choices):
        found.append(Link("Voluntary items: what was not given", reverse("child-voluntary", args=[person])))
    return found


def _day(text: str) -> tuple[date | None, str]:
    if not text:
        return None, ""
    day = british_date(text)
    return (date.fromisoformat(day), "") if day else (None, "Enter day, month and year, such as 1/9/2026.")


def _hits(found: list[Hit]) -> Table:
    more = f" (the first {len(found)}; add a word to narrow it)" if len(found) == LIMIT else ""
    return Table(
        f"Children found{more}",
        ["Name", "Born", Column("School", spare=True), Column("Year group", spare=True), Column("Note", spare=True)],
        [
            [
                Link(f"{hit.surname}, {hit.forename}", reverse("child", args=[hit.person])),
                f"{hit.date_of_birth:%B %Y}" if hit.date_of_birth else "",
                hit.school,
                hit.year_group,
                GUARDS.get(hit.guard, ""),
            ]
            for hit in found
        ],
        Empty(
            "No child found.",
            "Every word must fit: the beginning of a name, a whole UPN, or a birth date as 5/9/2015. A child whom the"
            " purpose you work under may not see is not found either.",
        ),
    )


def _facts(found: Child) -> Summary:
    born = found.first("people.birth", "date_of_birth")
    facts = [
        Item("Born", date.fromisoformat(born) if born else None),
        Item("School", found.first("education.enrolment", "school_name")),
        Item("Records joined", f"{len(found.subjects)}" if len(found.subjects) > 1 else "One record only"),
    ]
    return Summary(facts)


def _timeline(found: Child) -> Table:
    return Table(
        "The same as a table",
        ["What", "Which", "From", "Until", "Source"],
        [[span.lane, span.label, span.start, span.end or "goes on", span.source] for span in found.timeline],
        caption_size="s",
    )


def _conflicts(found: Child) -> Table | None:
    rows = [
        [conflict.title, "; ".join(f"{value} ({source})" for value, source in conflict.said)]
        for conflict in found.conflicts
    ]
    return Table("Sources disagree", ["What", "What each says"], rows) if rows else None


def _joined(found: Child, *, undo: bool) -> Table | None:
    rows = [
        [
            " and ".join(reason.sources),
            f"{reason.sentence} {reason.evidence}",
            reason.author,
            reason.made_at,
            Link("Undo", reverse("undo-link", args=[reason.link]), "this join") if undo else "",
        ]
        for reason in found.why_joined
    ]
    heads: list[str | Column] = [
        "Records",
        Column("Why they are one child", "half"),
        "By",
        "When",
        Column("Change", spare=True),
    ]
    return Table("Why these records are joined", heads, rows) if rows else None
