"""Schedules: asked for, judged by a second person, stopped by anybody."""

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
from fairhold.sharing import schedules
from fairhold.sharing.requesting import Asking
from fairhold.sharing.schedules import Cadence, Schedule, Standing
from fairhold.sharing.shares import ShareError
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Empty, Several, Table, Tag, Text
from fairhold.web.shares.asking import choices_of

TAGS = {
    Standing.WAITS: Tag("Waits for approval", "yellow"),
    Standing.REFUSED: Tag("Refused", "red"),
    Standing.STOPPED: Tag("Stopped", "red"),
    Standing.EARLY: Tag("Has not begun", "grey"),
    Standing.RUNS: Tag("Runs", "green"),
    Standing.ENDED: Tag("Ended", "grey"),
}
CADENCES = [(Cadence.WEEKLY, "Every week"), (Cadence.MONTHLY, "Every month"), (Cadence.TERMLY, "Every school term")]


@page("page.schedules", "shares/schedules.html", posts=True)
def listed(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every schedule and how it stands; judging and stopping."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            visits.tell(request.visit, _act(scope, request.POST))
        except ShareError as error:
            errors = {"note": error.sentence}
        else:
            return back("schedules")
    found = schedules.listed(scope)
    waits = [one for one in found if one.standing(scope.day) is Standing.WAITS and one.proposed_by != scope.actor.id]
    live = [one for one in found if one.standing(scope.day) in (Standing.WAITS, Standing.EARLY, Standing.RUNS)]
    return {
        "title": "Schedules",
        "crumbs": [{"text": "Shares", "href": reverse("shares")}],
        "table": _table(found, scope.day),
        "waits": waits if door("shares.judge-schedule").opens_for(scope.purpose.slug) else [],
        "live": live if door("shares.stop-schedule").opens_for(scope.purpose.slug) else [],
        "may_ask": door("page.schedule").opens_for(scope.purpose.slug),
        "errors": errors,
    }


def _act(scope: Scope, sent: Any) -> str:
    number, note = sent.get("schedule", ""), sent.get("note", "").strip()
    chosen = int(number) if number.isdecimal() else 0
    match sent.get("act"):
        case "approve" | "refuse" as act:
            schedules.judge(scope, schedule=chosen, approves=act == "approve", note=note)
            return "The schedule is approved." if act == "approve" else "The schedule is refused."
        case "stop":
            schedules.stop(scope, schedule=chosen, why=note)
            return "The schedule has ended. What it made and has not arrived is refused."
    raise PlainError("Choose what to do with this schedule.")


def _table(found: list[Schedule], day: date) -> Table:
    rows = [
        [
            one.id, one.name, one.flow.replace("-", " "), f"{one.cadence}, from {one.from_date} until {one.to_date}",
            Several([TAGS[one.standing(day)], Text(f"last on {one.last}" if one.last else "nothing yet", "small")]),
            one.need,
        ]
        for one in found
    ]  # fmt: skip
    heads = ["Schedule", "For", "What", "How often", "State", "Need"]
    return Table("Schedules, the newest first", heads, rows, Empty("There is no schedule."))


@page("page.schedule", "shares/schedule.html", posts=True)
def ask(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """The form of a new schedule. A second person must want it too."""
    names = ("partner", "need", "reason", "cadence", "begins", "ends")
    form = {name: request.POST.get(name, "").strip() for name in names}
    offered = [one for one in choices_of(scope) if one.flow.schedule and schedules.may_have(scope, one.body.body.kind)]
    errors: dict[str, str] = {}
    if request.method == "POST":
        first, last = (british_date(form[name]) for name in ("begins", "ends"))
        chosen = next((one for one in offered if one.value == form["partner"]), None)
        if chosen is None:
            errors["partner"] = "Choose what is sent, and to whom."
        if not (first and last):
            errors["begins"] = "Write both days as 23/11/2026."
        if form["cadence"] not in set(Cadence):
            errors["cadence"] = "Choose how often."
        if chosen is not None and first and last and not errors:
            asking = Asking(chosen.body.id, form["need"], form["reason"], flow=chosen.flow.slug)
            begins, ends = date.fromisoformat(first), date.fromisoformat(last)
            try:
                schedules.propose(
                    scope, asking=asking, cadence=Cadence(form["cadence"]), from_date=begins, to_date=ends
                )
            except ShareError as error:
                errors = {"partner": error.sentence}
            else:
                visits.tell(request.visit, "The schedule waits for a second person to approve it.")
                return back("schedules")
    return {
        "title": "Ask for a schedule",
        "crumbs": [{"text": "Schedules", "href": reverse("schedules")}],
        "bodies": [(one.value, f"{one.body.body.name}: {one.flow.title}") for one in offered],
        "reasons": [(one.slug, one.title) for one in policy.reasons(scope)],
        "cadences": CADENCES,
        "form": form,
        "errors": errors,
    }
