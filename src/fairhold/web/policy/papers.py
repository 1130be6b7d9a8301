"""The papers a share rests on: agreements with their day for a new look, proofs that run out, givers' permissions."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import policy
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.facts.convert import british_date
from fairhold.sharing import agreements as agreed
from fairhold.sharing import conditions
from fairhold.sharing.agreements import Agreement
from fairhold.sharing.shares import ShareError
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Several, Table, Tag, Text

LOOK = ("agreement", "review_by", "note", "keeps", "keeps_days", "keeps_to_age")
GIVERS = [("dfe", "The DfE"), ("public-body", "Another public body")]


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Law and policy", "href": reverse("policy")}]


def _date(text: str, what: str, at: str = "") -> date:
    day = british_date(text.strip())
    if day is None:
        raise ShareError(f"Enter {what} as 5/9/2027.", at=at)
    return date.fromisoformat(day)


def _whole(text: str, at: str) -> int | None:
    if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise ShareError("Enter a whole number.", at=at)
    return int(text) if text else None


@page("page.agreements", "policy/agreements.html", posts=True)
def agreements(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every agreement, the one to be looked at first at the top; a look at one is kept here."""
    errors: dict[str, str] = {}
    form = {name: request.POST.get(name, "").strip() for name in LOOK}
    if request.method == "POST":
        try:
            number = int(form["agreement"]) if form["agreement"].isdecimal() else 0
            day = _date(form["review_by"], "the day for the next look", at="review_by")
            agreed.review(
                scope,
                agreement=number,
                review_by=day,
                note=form["note"],
                keeps=form["keeps"],
                keeps_days=_whole(form["keeps_days"], "keeps_days"),
                keeps_to_age=_whole(form["keeps_to_age"], "keeps_to_age"),
            )
        except PlainError as refusal:
            errors = {refusal.at or "note": refusal.sentence}
        else:
            visits.tell(request.visit, "The look at the agreement is kept.")
            return back("agreements")
    found = agreed.every(scope)
    return {
        "title": "Agreements",
        "crumbs": _crumbs(),
        "table": _agreements(found, scope.day),
        "choices": [(str(one.id), f"Agreement {one.id} with {name}") for name, one in found],
        "may": door("shares.review-agreement").opens_for(scope.purpose.slug),
        "form": form,
        "errors": errors,
    }


def _agreements(found: list[tuple[str, Agreement]], today: date) -> Table:
    return Table(
        "Agreements with recipients",
        [
            "With", "For", "Fields", Column("Law", spare=True), "In force", "Next look",
            Column("How often", spare=True), "The recipient keeps it", Column("Signed by", spare=True), "State",
        ],
        [
            [
                Several([Text(name), Text(f"Agreement {one.id}", "small")]),
                Several([Text(one.purpose.replace("-", " ")), Text(one.terms.population, "small")]),
                ", ".join(one.terms.fields).replace("_", " ") if one.terms.fields else "as the policy allows",
                ", ".join(one.terms.basis),
                f"{one.from_date:%d/%m/%Y} to {f'{one.to_date:%d/%m/%Y}' if one.to_date else 'further notice'}",
                one.terms.review_by,
                Several([Text(one.terms.cadence), Text(one.terms.channel or "", "small")]) if one.terms.cadence else "",
                Several([Text(one.keeps), Text(_counted(one.terms), "small")]),
                one.terms.signatories,
                _state(one, today),
            ]
            for name, one in found
        ],
        Empty("There is no agreement yet.", "An officer records one with fairhold share agree."),
    )  # fmt: skip


def _counted(terms: agreed.Terms) -> str:
    """How the day is counted on which the recipient is asked whether it has deleted a file."""
    if terms.keeps_days:
        return f"counted: {terms.keeps_days:,} days"
    return f"counted: to the birthday {terms.keeps_to_age}" if terms.keeps_to_age else "not counted"


def _state(one: Agreement, today: date) -> Tag:
    if one.suspended:
        return Tag("On hold", "orange")
    if today < one.from_date:
        return Tag("Not begun", "grey")
    if one.to_date is not None and one.to_date <= today:
        return Tag("Ended", "grey")
    if one.terms.review_by is not None and one.terms.review_by <= today:
        return Tag("Needs a new look: nothing leaves", "red")
    return Tag("In force", "green")


@page("page.proofs", "policy/proofs.html", posts=True)
def proofs(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Proofs that ways to send are safe, and which data given to us may go on to whom."""
    names = ("act", "evidence", "origin", "recipient", "reference", "from", "to", "letter", "begins", "ends")
    form = {name: request.POST.get(name, "").strip() for name in names}
    fields = request.POST.getlist("fields")
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            visits.tell(request.visit, _record(scope, form, fields))
        except PlainError as refusal:
            errors = {"letter" if form["act"] == "permit" else "reference": refusal.sentence}
        else:
            return back("proofs")
    book, today = policy.book(scope), scope.day.isoformat()
    wanted = {row["evidence"]: row["title"] for row in book.on("policy_evidence", today)}
    return {
        "title": "Proofs and permissions",
        "crumbs": _crumbs(),
        "proofs": _proofs(conditions.listed_evidence(scope), wanted, scope.day),
        "permissions": _permissions(conditions.listed_permissions(scope), scope.day),
        "wanted": wanted.items(),
        "givers": GIVERS,
        "recipients": [(row["slug"], row["slug"].replace("-", " ")) for row in book.on("policy_recipients", today)],
        "fields": [(row["field"], row["title"]) for row in book.on("policy_fields", today)],
        "chosen": fields,
        "may": door("shares.add-evidence").opens_for(scope.purpose.slug),
        "form": form,
        "errors": errors,
    }


def _record(scope: Scope, form: dict[str, str], fields: list[str]) -> str:
    if form["act"] == "permit":
        conditions.permit(
            scope,
            origin=form["origin"],
            recipient=form["recipient"],
            fields=fields,
            reference=form["letter"],
            from_date=_date(form["begins"], "the first day"),
            to_date=_date(form["ends"], "the day it ends") if form["ends"] else None,
        )
        return "The permission is recorded."
    conditions.add_evidence(
        scope,
        evidence=form["evidence"],
        reference=form["reference"],
        from_date=_date(form["from"], "the first day"),
        to_date=_date(form["to"], "the day it runs out"),
    )
    return "The proof is recorded."


def _proofs(found: list[conditions.Evidence], wanted: dict[str, str], today: date) -> Table:
    missing = [[title, "", "", "", Tag("None on record", "yellow")] for slug, title in wanted.items()
               if slug not in {one.evidence for one in found}]  # fmt: skip
    return Table(
        "Proofs that ways to send are safe",
        ["Proof", "Number", "From", "Runs out on", "State"],
        [
            *missing,
            *(
                [
                    wanted.get(one.evidence, one.evidence),
                    one.reference,
                    one.from_date,
                    one.to_date,
                    _current(one, today),
                ]
                for one in found
            ),
        ],
    )


def _current(one: conditions.Evidence, today: date) -> Tag:
    if one.to_date <= today:
        return Tag("Has run out", "red")
    return Tag("Current", "green") if one.from_date <= today else Tag("Not begun", "grey")


def _permissions(found: list[conditions.Permission], today: date) -> Table:
    givers = dict(GIVERS)
    return Table(
        "Data that others gave us and that may go on",
        ["Given by", "To", "Fields", "Said in", "From", "Until"],
        [
            [
                givers[one.origin],
                one.recipient.replace("-", " "),
                ", ".join(one.fields).replace("_", " "),
                one.reference,
                one.from_date,
                one.to_date or "further notice",
            ]
            for one in found
        ],
        Empty(
            "Nothing that the DfE or another body gave us may go on.", "Without its recorded word the gate refuses it."
        ),
    )
