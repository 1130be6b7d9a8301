"""Law and policy as dated rows: see them as at any day, confirm them, change them from a day on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import policy
from fairhold.access import Refused, Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.facts.convert import british_date
from fairhold.policy import Seen, State
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Count, Counts
from fairhold.web.policy import views
from fairhold.web.policy.papers import agreements, proofs
from fairhold.web.policy.trial import trial

__all__ = ["agreements", "changes", "file", "overview", "proofs", "row", "trial"]


@page("page.policy", "policy/policy.html")
def overview(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """All files of law and policy, with how much of them stands confirmed."""
    on, asked, error = day_of(request, scope)
    standing = policy.standing(scope)
    waiting = sum(one.state is State.WAITS for one in policy.changes(scope))
    return {
        "title": "Law and policy",
        "counts": Counts(
            [
                Count(sum(one.rows for one in standing), "rows shipped"),
                Count(sum(one.confirmed for one in standing), "confirmed here", colour="green"),
                Count(sum(one.own for one in standing), "own rows", reverse("policy-changes"), "purple"),
                Count(waiting, "changes that wait for a second person", reverse("policy-changes"), "yellow"),
            ]
        ),
        "table": views.files(standing, f"?on={asked}" if asked and not error else ""),
        "others": views.others(standing),
        "asked": asked or f"{on:%d/%m/%Y}",
        "errors": {"on": error} if error else {},
    }


@page("page.policy-file", "policy/file.html")
def file(request: HttpRequest, scope: Scope, table: str) -> dict[str, Any]:
    """The rows of one file in force on a day."""
    on, asked, error = day_of(request, scope)
    found = _rows(scope, table, on)
    return {
        "title": views.TITLES[table],
        "crumbs": _crumbs(),
        "table": views.rows(table, found, on, f"?on={asked}" if asked and not error else ""),
        "asked": asked or f"{on:%d/%m/%Y}",
        "errors": {"on": error} if error else {},
    }


@page("page.policy-row", "policy/row.html", posts=True)
def row(request: HttpRequest, scope: Scope, table: str, key: str) -> dict[str, Any] | HttpResponse:
    """One row: what it says, since when, and the forms to confirm or change it."""
    on, asked, error = day_of(request, scope)
    found = next((one for one in _rows(scope, table, on) if one.key == key), None)
    if found is None:
        raise Http404
    errors = {"on": error} if error else {}
    if request.method == "POST":
        try:
            visits.tell(request.visit, _act(scope, found, request))
        except PlainError as refusal:
            errors = {"note" if request.POST.get("act") == "confirm" else "reason": refusal.sentence}
        else:
            changed = request.POST.get("act") == "change"
            return back("policy-changes") if changed else back("policy-row", table=table, key=key)
    settable = policy.settable(table)
    history = policy.history(scope, file=table, key=key)
    differ = [column for column in settable if len({one.row[column] for one in history}) > 1]
    return {
        "title": key,
        "crumbs": [*_crumbs(), {"text": views.TITLES[table], "href": reverse("policy-file", args=[table])}],
        "standing": views.STANDING[found.standing],
        "cells": views.cells(found),
        "history": views.history(history, differ),
        "asked": asked or f"{on:%d/%m/%Y}",
        "may_confirm": door("policy.confirm").opens_for(scope.purpose.slug) and found.standing == "shipped",
        "may_change": door("policy.change").opens_for(scope.purpose.slug),
        "columns": [(column, views.title(column), request.POST.get(column, found.row[column])) for column in settable],
        "form": {word: request.POST.get(word, "") for word in ("from", "until", "reason", "note")},
        "errors": errors,
        "rows": table,
        "key": key,
    }


def _act(scope: Scope, found: Seen, request: HttpRequest) -> str:
    form = {name: text.strip() for name, text in request.POST.items()}
    if form.get("act") == "confirm":
        policy.confirm(scope, file=found.file, row=found.name, note=form.get("note", ""))
        return "The row is confirmed."
    begins = _date(form.get("from", ""), "the first day")
    if begins is None:
        raise Refused("Enter the first day, for example 5/9/2027.")
    made = policy.change(
        scope,
        file=found.file,
        key=found.key,
        cells={name: form[name] for name in policy.settable(found.file) if name in form},
        begins=begins,
        until=_date(form.get("until", ""), "the day it ends"),
        reason=form.get("reason", ""),
    )
    if made.state is State.WAITS:
        return "The change may let more data go: it waits until a second person wants it too."
    return "The change counts from its first day."


def _date(text: str, what: str) -> date | None:
    if not text:
        return None
    day = british_date(text)
    if day is None:
        raise Refused(f"Enter {what} as 5/9/2027.")
    return date.fromisoformat(day)


@page("page.policy-changes", "policy/changes.html", posts=True)
def changes(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Everything the council changed; a second person says yes here."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        number = request.POST.get("row", "")
        act = {"second": policy.second, "withdraw": policy.withdraw}.get(request.POST.get("act", ""))
        try:
            if act is None or not number.isdecimal():
                raise Refused("Choose what to do with which change.")
            act(scope, row=int(number))
        except PlainError as refusal:
            errors = {"": refusal.sentence}
        else:
            visits.tell(
                request.visit, "It is done: the change counts." if act is policy.second else "It is taken back."
            )
            return back("policy-changes")
    may = door("policy.second").opens_for(scope.purpose.slug)
    return {
        "title": "Changes of law and policy",
        "crumbs": _crumbs(),
        "table": views.changes(policy.changes(scope), scope.actor.id, may),
        "errors": errors,
    }


def day_of(request: HttpRequest, scope: Scope) -> tuple[date, str, str]:
    """The day a page is asked for (today), the text as it was given, and what is wrong with it."""
    text = request.GET.get("on", "").strip()
    if not text:
        return scope.day, "", ""
    day = british_date(text)
    if day is None:
        return scope.day, text, "Enter a day as 5/9/2027."
    return date.fromisoformat(day), text, ""


def _rows(scope: Scope, table: str, on: date) -> list[Seen]:
    if table not in views.TITLES:
        raise Http404
    return policy.rows(scope, file=table, on=on)


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Law and policy", "href": reverse("policy")}]
