"""Telling somebody at once to keep a child from harm: two steps, then the page of what may be told; reviewed after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import policy
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.facts.convert import british_date
from fairhold.sharing import emergency, tables
from fairhold.sharing.emergency import Emergency, EmergencyError, Facts, Override, Told, spool
from fairhold.sharing.emergency.domain import CORE, day_from
from fairhold.sharing.emergency.judging import ADDRESS
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Item, Link, Several, Summary, Table, Tag, Text

# Who and how first, as it goes most often; the others follow in the order of the policy.
FIRST = ("police", "health", "school", "other-council", "phone", "secure-mail")
OTHER = "other"
PROTECTED = [("no", "No"), ("yes", "Yes"), ("unknown", "Not known")]
WAYS = {
    "gate": Tag("Told", "green"),
    "override": Tag("Told by override", "orange"),
    "refused": Tag("Not told", "red"),
}
ASKED = {"tells": "fields"}  # what a fact is called on the form, where that differs
TEXTS = (
    *("recipient", "other_recipient", "organisation", "spoken_to", "channel", "other_channel", "need", "person"),
    *("name", "born", "address_protected", "more_field", "more_value", "reason", "second"),
    *(f"value_{field}" for field in CORE),
)


@page("page.emergency", "shares/emergency.html", posts=True)
def tell(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Step 1: who must know what, and why. Step 2: what may be told; it is written down before the next page."""
    sent = request.POST if request.method == "POST" else request.GET
    form = {name: sent.get(name, "").strip() for name in (TEXTS if sent is request.POST else ("person",))}
    form = dict.fromkeys(TEXTS, "") | form
    chosen = [field for field in request.POST.getlist("fields") if field in CORE]
    act, told = request.POST.get("act", ""), None
    errors: dict[str, str] = {}
    if request.method == "POST" and act in ("check", "tell"):
        try:
            facts = _facts(form, chosen)
            errors = {ASKED.get(name, name): sentence for name, sentence in facts.missing().items()}
            if not errors and act == "tell":
                told = emergency.tell(scope, facts=facts)
                if told.number is not None:
                    return back("emergency-told", told.number)
                errors = {"reason": "Nothing of it may be told. That you asked is kept, with the reasons."}
            elif not errors:
                told = emergency.foresee(scope, facts=facts)
        except EmergencyError as fault:
            errors = {ASKED.get(fault.at, fault.at or "need"): fault.sentence}
    edition = tables.policy(policy.book(scope)).on(scope.day.isoformat())
    bodies = [(one.slug, one.name) for one in edition.recipients.values() if "safeguarding" in one.urgent_purposes]
    ways = [(one.slug, one.title) for one in edition.channels.values() if one.urgent]
    return {
        "title": "Tell somebody in an emergency",
        "crumbs": [{"text": "Emergencies", "href": reverse("emergencies")}],
        "form": form,
        "chosen": chosen or ["name", "date_of_birth"],
        "errors": errors,
        "bodies": _choices(bodies, "Another body"),
        "channels": _choices(ways, "Another way"),
        "protected": PROTECTED,
        "core": [(field, field.replace("_", " ").capitalize()) for field in CORE],
        "values": [(f"value_{field}", field.replace("_", " "), form[f"value_{field}"]) for field in CORE],
        "another": any(form[f"value_{field}"] for field in ("name", "date_of_birth")),
        "answer": _answer(told) if told else None,
        "refused": told.judgement.refused if told else (),
        "may": bool(told and told.judgement.told),
        "address": any(one.field == ADDRESS for one in told.judgement.refused) if told else False,
        "hidden": [*form.items(), *(("fields", field) for field in chosen)],
    }


def _choices(found: list[tuple[str, str]], other: str) -> list[tuple[str, str]]:
    """What can be chosen, the likeliest first, and last what is on no list."""
    places = {slug: place for place, slug in enumerate(FIRST)}
    ordered = sorted(found, key=lambda one: places.get(one[0], len(FIRST)))
    return [*((slug, text[:1].upper() + text[1:]) for slug, text in ordered), (OTHER, other)]


def _facts(form: Mapping[str, str], chosen: list[str]) -> Facts:
    born = british_date(form["born"]) if form["born"] else ""
    if born is None:
        raise EmergencyError("The birth date is no date: write day, month and year, such as 5/9/2011.", at="born")
    typed = {} if form["person"] else {"name": form["name"], "date_of_birth": form["born"]}  # no record to take it from
    tells = {field: form[f"value_{field}"] or typed.get(field, "") for field in chosen}
    if form["more_field"]:
        tells[form["more_field"].lower().replace(" ", "_")] = form["more_value"]
    return Facts(
        recipient=form["other_recipient"].lower() if form["recipient"] in ("", OTHER) else form["recipient"],
        organisation=form["organisation"],
        spoken_to=form["spoken_to"],
        channel=form["other_channel"].lower() if form["channel"] in ("", OTHER) else form["channel"],
        need=form["need"],
        tells=tells,
        person=_number(form["person"]),
        name=form["name"],
        born=day_from(born or ""),
        address_protected=form["address_protected"] or "unknown",
        override=Override(form["reason"], form["second"]) if form["reason"] else None,
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 2**62):
        raise EmergencyError("The number of the person is a whole number, as the child's page shows it.", at="person")
    return int(text)


def _value(field: str, text: str) -> Any:
    """A value as it is read out."""
    day = british_date(text) if field == "date_of_birth" else None
    return date.fromisoformat(day) if day else text


def _answer(told: Told) -> Table:
    rows = [
        [field.replace("_", " ").capitalize(), Tag("May be told", "green"), _value(field, told.facts.tells[field])]
        for field in told.judgement.told
    ]
    rows += [
        [one.field.replace("_", " ").capitalize(), Tag("Not by the gate", "red"), f"{one.reason} {one.would_change}"]
        for one in told.judgement.refused
    ]
    return Table("What may be told", ["Field", "Decision", Column("Value, or why not", "half")], rows)


@page("page.emergencies", "shares/emergencies.html")
def emergencies(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """What was told in emergencies: what waits to be looked at first."""
    waiting = len(spool.pending())
    return {
        "title": "Emergencies",
        "waiting": waiting,
        "table": Table(
            "Told to keep a child from harm",
            ["Emergency", "Told", "To", "By", Column("Look at it by", spare=True), "State"],
            [_line(one, scope) for one in emergency.emergencies(scope)],
            Empty("Nothing was told in an emergency.", "Whoever tells something sees it here; officers see all."),
        ),
    }


def _line(one: Emergency, scope: Scope) -> list[Any]:
    link = Link(f"Emergency {one.id}", reverse("emergency-told", args=[one.id]))
    return [link, one.told_at, one.organisation, one.channel, one.review_by, _state(one, scope)]


def _state(one: Emergency, scope: Scope) -> Tag:
    if one.waits:
        return Tag("Late", "red") if one.review_by < scope.day else Tag("To be looked at", "yellow")
    return Tag("Right", "green") if one.was_right else Tag("Wrong", "red")


@page("page.emergency-told", "shares/emergency_told.html", posts=True)
def told(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """One emergency: what may be told now, and afterwards whether that was right."""
    errors, note = {}, request.POST.get("note", "").strip()
    if request.method == "POST":
        try:
            emergency.review(scope, number=number, right=_right(request.POST.get("act")), note=note)
        except EmergencyError as fault:
            errors = {"note": fault.sentence}
        else:
            visits.tell(request.visit, "Your judgement is kept.")
            return back("emergency-told", number)
    try:
        found = emergency.shown(scope, number=number)
    except EmergencyError:
        raise Http404 from None
    may_review = door("emergency.review").opens_for(scope.purpose.slug)
    return {
        "title": f"Emergency {number}",
        "crumbs": [{"text": "Emergencies", "href": reverse("emergencies")}],
        "told": found,
        "mine": found.told_by == scope.actor.id and found.waits,
        "state": _state(found, scope),
        "facts": _summary(found, scope),
        "fields": _fields(found),
        "review": may_review and found.waits and found.not_by(scope.actor) is None,
        "not_by": found.not_by(scope.actor) if may_review and found.waits else None,
        "errors": errors,
        "note": note,
    }


def _right(act: str | None) -> bool:
    if act not in ("right", "wrong"):
        raise EmergencyError("Say whether it was right to tell it.")
    return act == "right"


def _summary(found: Emergency, scope: Scope) -> Summary:
    opens = found.subject_id is not None and door("page.child").opens_for(scope.purpose.slug)
    said = found.child_said or "The child's record"
    child: Link | str = Link(said, reverse("child", args=[found.subject_id])) if opens else said
    born = f", born {found.born_said:%d/%m/%Y}" if found.born_said else ""
    looked = None if found.waits else f"{'Right' if found.was_right else 'Wrong'}: {found.review_note}"
    return Summary(
        [
            Item("Child", child if found.subject_id else f"{said}{born} (not found in the record)"),
            Item("To", Several([Text(found.organisation), Text(f"{found.recipient}, {found.spoken_to}", "small")])),
            Item("By", found.channel),
            Item("Why", found.need),
            *([Item("Override", found.override_reason)] if found.override_reason else []),
            *([Item("Second person", found.second_person)] if found.second_person else []),
            Item("Told by", found.teller),
            Item("Told", found.told_at),
            *([Item("Why it was kept in the spool", found.why_spooled)] if found.why_spooled else []),
            Item("Look at it by", found.review_by),
            *([Item("Looked at", looked)] if looked else []),
        ]
    )


def _fields(found: Emergency) -> Table:
    rows = [
        [one.field.replace("_", " ").capitalize(), WAYS[one.way], _value(one.field, one.value or ""), one.reason or ""]
        for one in found.fields
    ]
    return Table("What was asked for", ["Field", "Decision", "Value", Column("Why not", "third", spare=True)], rows)
