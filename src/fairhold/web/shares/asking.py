"""Asking for a share: the least fields suggested, the answer shown before anything is kept, then put before a second
person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from fairhold import policy, record
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.facts.convert import british_date
from fairhold.sharing import asked_outside, flows, linking, parties, proposing
from fairhold.sharing.flows import Flow
from fairhold.sharing.parties import Partner
from fairhold.sharing.proposing import Preview
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import ShareError, Urgency
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.shares import views

TEXTS = ("partner", "need", "reason", "urgency", "reference", "officer", "power", "channel", "form", "find", "request")
URGENCIES = [
    (Urgency.ROUTINE, "Within ten days"),
    (Urgency.SOON, "Within two working days"),
    (Urgency.TODAY, "Today. If a child is in danger now, use the emergency page instead"),
]


@dataclass(frozen=True)
class Choice:
    """A kind of share with a recipient it may go to."""

    flow: Flow
    body: Partner

    @property
    def value(self) -> str:
        """As the form sends it."""
        return f"{self.body.id}:{self.flow.slug}"


def choices_of(scope: Scope) -> list[Choice]:
    """Every kind of share under the purpose at work, with each registered recipient."""
    bodies, every = parties.partners(scope), flows.flows(scope).values()
    own = [flow for flow in every if flow.works_under == scope.purpose.slug]
    return [Choice(flow, body) for flow in own for body in bodies if body.body.kind in flow.recipients]


@page("page.propose-share", "shares/propose.html", posts=True)
def propose(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """The form of a new share. Nothing is kept before it is asked for; a second person approves it."""
    sent = request.POST if request.method == "POST" else _begun(scope, request.GET)
    form = {name: sent.get(name, "").strip() for name in TEXTS}
    fields, persons = sent.getlist("fields"), [int(one) for one in sent.getlist("person") if one.isdecimal()]
    offered = choices_of(scope)
    chosen = _chosen(offered, form["partner"])
    errors: dict[str, str] = {}
    preview = None
    if request.method == "POST" and sent.get("act") != "find":
        errors = _errors(form, chosen)
        if chosen is not None and not errors:
            asking = _asking(form, chosen, fields, persons)
            try:
                if sent.get("act") == "preview":
                    preview = proposing.preview(scope, asking=asking)
                    fields = list(preview.fields)
                else:
                    made = proposing.propose(scope, asking=asking)
                    visits.tell(request.visit, "The share is decided, and waits for a second person to approve it.")
                    return back("share", made.id)
            except ShareError as error:
                errors = {error.at or "partner": error.sentence}
    return {
        "title": "Ask for a share",
        "crumbs": [{"text": "Shares", "href": reverse("shares")}],
        "bodies": [(one.value, f"{one.body.body.name}: {one.flow.title}") for one in offered],
        "fields": [(row["field"], row["title"]) for row in policy.book(scope).on("policy_fields", str(scope.day))],
        "reasons": [(one.slug, one.title) for one in policy.reasons(scope)],
        "urgencies": URGENCIES,
        "channels": _ways(offered, "channels"),
        "forms": _ways(offered, "forms"),
        "of_case": any(one.flow.of_case for one in offered),
        "people": _people(scope, form["find"], persons),
        "chosen": fields,
        "form": form | {"partner": chosen.value if chosen else "", "urgency": form["urgency"] or Urgency.ROUTINE},
        "errors": errors,
        "preview": preview,
        "said": "" if preview is None else _said(preview),
        "decisions": None if preview is None else views.decisions(preview.counts),
        "may_link": door("page.link-child").opens_for(scope.purpose.slug),
    }


def _said(found: Preview) -> str:
    """The answer in a sentence."""
    if not found.children:
        return "Nobody in the record is of an age this is about: there is nothing to share."
    open_to = {one.field: one.count for one in found.counts if one.rule is None}
    whole = sum(count == found.children for count in open_to.values())
    none = len(found.fields) - len(open_to)
    if found.children == 1:
        return f"Decided for 1 child. Of {len(found.fields)} fields, {whole} may go and {none} may not."
    told = [(whole, "for every child"), (len(open_to) - whole, "for some of them"), (none, "for none")]
    said = ", ".join(f"{number} may go {words}" for number, words in told if number)
    return f"Decided for {found.children:,} children. Of {len(found.fields)} fields, {said}."


def _begun(scope: Scope, given: QueryDict) -> QueryDict:
    """The form as it opens: empty, or filled with a child, or with what a partner asked through its own account."""
    sent = given.copy()
    number = given.get("request", "")
    if not (number.isdecimal() and door("shares.read-from-outside").opens_for(scope.purpose.slug)):
        return sent
    try:
        asked = asked_outside.read(scope, request=int(number))
    except ShareError:
        return sent
    told = asked.question
    sent["partner"] = f"{asked.partner}:{told.flow}"
    for name in ("need", "reason", "urgency", "reference", "officer", "power"):
        sent[name] = getattr(told, name) or ""
    sent.setlist("fields", list(told.fields))
    return sent


def _chosen(offered: Sequence[Choice], value: str) -> Choice | None:
    """What was chosen; the number of a recipient alone will do where it has one kind of share."""
    found = [one for one in offered if value in (one.value, str(one.body.id))]
    return found[0] if len(found) == 1 else None


def _errors(form: Mapping[str, str], chosen: Choice | None) -> dict[str, str]:
    errors = {}
    if chosen is None:
        errors["partner"] = "Choose what is asked for, and for whom."
    if not form["reason"]:
        errors["reason"] = "Choose the reason."
    if not form["need"]:
        errors["need"] = "Say why the recipient needs this list."
    if form["urgency"] and form["urgency"] not in set(Urgency):
        errors["urgency"] = "Choose how soon it is needed."
    return errors


def _asking(form: Mapping[str, str], chosen: Choice, fields: Sequence[str], persons: Sequence[int]) -> Asking:
    return Asking(
        partner=chosen.body.id,
        flow=chosen.flow.slug,
        need=form["need"],
        reason=form["reason"],
        fields=fields or None,
        persons=persons if chosen.flow.of_case else None,
        urgency=Urgency(form["urgency"] or Urgency.ROUTINE),
        reference=form["reference"],
        officer=form["officer"],
        power=form["power"],
        channel=form["channel"] or None,
        form=form["form"] or None,
        request=int(form["request"]) if form["request"].isdecimal() else None,
    )


def _ways(offered: Sequence[Choice], part: str) -> list[tuple[str, str]]:
    every = dict.fromkeys(way for one in offered for way in getattr(one.flow, part))
    return [("", "As usual for what is asked"), *((way, way.upper() if len(way) < 5 else way) for way in every)]


def _people(scope: Scope, text: str, persons: Sequence[int]) -> list[tuple[int, str, bool]]:
    """Children to choose from: those chosen, then those a search finds; number, words, whether chosen."""
    if not door("record.search").opens_for(scope.purpose.slug):
        return []
    kept = [(one, f"Child {one}, chosen", True) for one in persons]
    hits = record.search(scope, text=text) if text else []
    said = [(one.person, f"{one.forename} {one.surname}", str(one.date_of_birth or ""), one.school) for one in hits]
    found = [(number, ", ".join(filter(None, words))) for number, *words in said]
    names = dict(found)
    kept = [(number, names.get(number, words), True) for number, words, _ in kept]
    return kept + [(number, words, False) for number, words in found if number not in persons]


@page("page.link-child", "shares/link.html", posts=True)
def link_child(request: HttpRequest, scope: Scope, person: int) -> dict[str, Any] | HttpResponse:
    """Record that a child is linked with a body, and on what that rests."""
    form = {name: request.POST.get(name, "").strip() for name in ("kind", "body", "begins", "ends", "evidence")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        first, last = (_day(form[name]) for name in ("begins", "ends"))
        if first is None or (form["ends"] and last is None):
            errors = {"begins": "Write the days as 23/11/2026."}
        else:
            try:
                linking.link(
                    scope, person=person, kind=form["kind"], body=form["body"], from_date=first, to_date=last,
                    evidence=form["evidence"],
                )  # fmt: skip
            except ShareError as error:
                errors = {"kind": error.sentence}
            else:
                visits.tell(request.visit, "The link is recorded. It counts from its first day.")
                return back("propose-share")
    kinds = ("on the roll there, or admitted", "placed there", "a matter of that council too")
    return {
        "title": "Link a child with a body",
        "person": person,
        "crumbs": [{"text": "Shares", "href": reverse("shares")}],
        "kinds": list(zip(linking.KINDS, (f"The child is {words}" for words in kinds), strict=True)),
        "form": form,
        "errors": errors,
    }


def _day(text: str) -> date | None:
    found = british_date(text)
    return date.fromisoformat(found) if found else None
