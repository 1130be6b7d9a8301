"""Try a case: the facts of a made-up request in, the gate's answer by field out, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fairhold import policy
from fairhold.access import Scope
from fairhold.errors import PlainError
from fairhold.facts.convert import british_date
from fairhold.sharing import tables, trying
from fairhold.sharing.facts import NOBODY
from fairhold.sharing.tables import Edition
from fairhold.sharing.trying import LINKS, Trial
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Item, Summary, Table, Tag

KNOWN = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known")]
YES_NO = [("yes", "Yes"), ("no", "No")]
AGREEMENTS = [
    ("in force", "In force"), ("none", "None on file"), ("on hold", "On hold"), ("ended", "Ended"),
    ("early", "Not begun"),
]  # fmt: skip
CHOOSERS = [("", "Nobody"), ("parent", "A parent"), ("young_person", "The young person")]
BODY = "made-up"
DEFAULT = {
    "recipient": "youth-support", "purpose": "", "channel": "", "need": "Made-up need.", "emergency": "no",
    "reference": "", "officer": "", "power": "", "agreement": "in force", "born": "", "resident": "yes", "send": "no",
    "protected": "no", "restricted": "no", "linked": "yes", "consent": "", "consent_from": "", "objection": "",
}  # fmt: skip
OUTCOMES = {"allow": "All of it may go", "partial": "Some of it may go", "refuse": "Nothing may go"}
ALLOWED, REFUSED = Tag("May go", "green"), Tag("Refused", "red")


@page("page.policy-try", "policy/try.html", posts=True)
def trial(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The form with the facts of a made-up case, and below it the answer."""
    form = DEFAULT | {name: request.POST[name].strip() for name in DEFAULT if name in request.POST}
    day, error = _day(request.POST.get("on", ""), scope.day)
    book = policy.book(scope)
    edition = tables.policy(book).on(day.isoformat())
    asked = [name for name in request.POST.getlist("fields") if name in edition.fields]
    errors = {"on": error} if error else {}
    found: Trial | None = None
    if request.method == "POST" and not errors:
        try:
            found = trying.try_case(scope, request=_request(form, asked or _usual(edition, form), day, edition))
        except PlainError as refusal:
            errors = {"born": refusal.sentence}
    return {
        "title": "Try a case",
        "crumbs": [{"text": "Law and policy", "href": reverse("policy")}],
        "form": form | {"on": request.POST.get("on", "") or f"{day:%d/%m/%Y}"},
        "selects": _selects(edition, form),
        "radios": _radios(form),
        "fields": [(row["field"], row["title"]) for row in book.on("policy_fields", day.isoformat())],
        "chosen": asked or _usual(edition, form),
        "errors": errors,
        **({} if found is None else _told(found)),
    }


def _told(found: Trial) -> dict[str, Any]:
    """The answer in a sentence, and wholly."""
    verdict = found.answer.verdict
    sentence = (
        f"{OUTCOMES[verdict.outcome]}: {len(verdict.allowed)} of {len(verdict.basis) + len(verdict.refused)} fields."
    )
    return {"said": sentence, "summary": _summary(found), "answer": _answer(found), "turns": _turns(found)}


def _day(text: str, today: date) -> tuple[date, str]:
    if not text.strip():
        return today, ""
    day = british_date(text.strip())
    return (date.fromisoformat(day), "") if day else (today, "Enter a day as 5/9/2027.")


def _usual(edition: Edition, form: Mapping[str, str]) -> list[str]:
    """What the recipient could have at most: asked for where nothing else is."""
    recipient = edition.recipients.get(form["recipient"], NOBODY)
    core = [name for name, is_core in edition.fields.items() if is_core]
    return list(dict.fromkeys([*core, *recipient.by_law, *recipient.by_consent]))


def _selects(edition: Edition, form: Mapping[str, str]) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    own = ("", "What is usual for the recipient")
    bodies = [(slug, _title(slug)) for slug in edition.recipients]
    purposes = [own, *((slug, _title(slug)) for slug in sorted(edition.purposes))]
    ways = [own, *((slug, way.title[:1].upper() + way.title[1:]) for slug, way in edition.channels.items())]
    return [
        ("recipient", "Who asks", bodies, form["recipient"]),
        ("purpose", "For which purpose", purposes, form["purpose"]),
        ("channel", "Sent how", ways, form["channel"]),
    ]


def _title(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _radios(form: Mapping[str, str]) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    told = [
        ("emergency", "Is a child at risk of harm?", YES_NO), ("agreement", "Agreement with the recipient", AGREEMENTS),
        ("resident", "Lives in the area?", KNOWN), ("send", "Special educational needs or disability?", KNOWN),
        ("linked", "Linked with the body that asks (on roll, placed, applied)?", YES_NO),
        ("protected", "Is the address protected?", YES_NO), ("restricted", "Is the record restricted?", YES_NO),
        ("consent", "Who has said yes to all of it?", CHOOSERS),
        ("objection", "Who has said no to all of it?", CHOOSERS),
    ]  # fmt: skip
    return [(name, label, choices, form[name]) for name, label, choices in told]


def _request(form: Mapping[str, str], fields: list[str], day: date, edition: Edition) -> dict[str, Any]:
    recipient = edition.recipients.get(form["recipient"], NOBODY)
    purpose = form["purpose"] or min(recipient.purposes, default="")
    channel = form["channel"] or next(iter(recipient.channels), "")
    since = british_date(form["consent_from"]) or day.isoformat()
    known = {"yes": True, "no": False}
    body = [BODY] if form["linked"] == "yes" else []
    said = {"fields": fields, "recipient": form["recipient"], "to": None}
    return {
        "recipient": form["recipient"],
        "recipient_id": BODY,
        "purpose": purpose,
        "on": day.isoformat(),
        "fields": fields,
        "need": form["need"],
        "channel": channel,
        "emergency": form["emergency"] == "yes",
        "reference": form["reference"],
        "requester": {
            "id": "made-up", "role": "made-up", "organisation": "made-up", "officer": form["officer"],
            "power": form["power"],
        },
        "agreement": _agreement(form, purpose, day),
        "child": {
            "date_of_birth": british_date(form["born"]) or (form["born"] or None),
            "resident": known.get(form["resident"]),
            "send": known.get(form["send"]),
            "confidential_address": form["protected"] == "yes",
            "restricted": form["restricted"] == "yes",
            **dict.fromkeys(LINKS, body),
            "consents": [said | {"by": form["consent"], "from": since}] if form["consent"] else [],
            "objections": [said | {"by": form["objection"], "from": day.isoformat()}] if form["objection"] else [],
        },
    }  # fmt: skip


def _agreement(form: Mapping[str, str], purpose: str, day: date) -> dict[str, Any] | None:
    kind, near = form["agreement"], timedelta(days=30)
    if kind not in {name for name, _ in AGREEMENTS} - {"none"}:
        return None
    begins = day + near if kind == "early" else day - 2 * near
    return {
        "id": "made-up",
        "recipient": form["recipient"],
        "purpose": purpose,
        "from": begins.isoformat(),
        "to": (day - near).isoformat() if kind == "ended" else None,
        "suspended": kind == "on hold",
    }


def _summary(found: Trial) -> Summary:
    verdict = found.answer.verdict
    return Summary(
        [
            Item("Answer", OUTCOMES[verdict.outcome]),
            Item("People who must still approve", verdict.approvals_needed),
            Item("Two evaluators", "disagree: refused" if verdict.alarms else "agree on every field"),
            Item("Policy", found.answer.policy_version),
        ]
    )


def _answer(found: Trial) -> Table:
    """Field by field: what decides, and what would change it."""
    rows: list[list[Any]] = [
        [_word(one.field), ALLOWED, one.way, f"{one.law} ({', '.join(one.gateways)})", "", ""]
        for one in found.answer.verdict.basis
    ]
    rows += [
        [_word(one.field), REFUSED, one.rule, one.law, one.reason, one.would_change]
        for one in found.answer.verdict.refused
    ]
    why, change = Column("Why not", "third", spare=True), Column("What would change it", spare=True)
    return Table("The answer, field by field", ["Field", "Answer", "Rule", "Law", why, change], rows)


def _turns(found: Trial) -> Table:
    """Single facts that would change the answer, each tried by deciding again."""
    return Table(
        "Were one thing otherwise",
        ["If it were", Column("would go", spare=True), Column("would go no longer", spare=True)],
        [[one.fact.capitalize(), _words(one.opens), _words(one.closes)] for one in found.turns],
        Empty("No single fact would change this answer."),
    )


def _words(names: tuple[str, ...]) -> str:
    return ", ".join(map(_word, names))


def _word(name: str) -> str:
    return name.replace("_", " ")
