"""The faults of a run: chosen by rule, team, owner or state, given to people and explained, many at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from fairhold.access import Scope, accounts
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.returns.workspace import assigning, books, explaining
from fairhold.returns.workspace import findings as found_in
from fairhold.returns.workspace.domain import State, WorkspaceError
from fairhold.returns.workspace.explaining import REASONS
from fairhold.returns.workspace.findings import Page, Shown
from fairhold.returns.workspace.selecting import Choice
from fairhold.web import visits
from fairhold.web.page import page
from fairhold.web.parts import Column, Empty, Link, Pages, Part, Several, Table, Tag, Text

ON_A_PAGE = 100
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILTERS = ("rule", "team", "owner", "state")  # what may stand in an address: nothing about a child
STATES = (("", "All that are not fixed"), *((state.value, state.value.capitalize()) for state in State))
_LOOK = {State.NEW: "blue", State.OPEN: "yellow", State.FIXED: "green", State.EXPLAINED: "grey"}


@page("page.findings", "workspace/faults.html", posts=True)
def faults(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any] | HttpResponse:
    """The faults meant, and the forms that give or explain them. A child's number is asked for in a form alone."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = {name: sent.get(name, "").strip() for name in FILTERS}
    child = request.POST.get("child", "").strip()
    errors: dict[str, str] = {}
    choice = _choice(asked, child, errors)
    act = request.POST.get("act", "")
    form = {name: request.POST.get(name, "").strip() for name in ("to", "note", "due", "reason", "text", "entry")}
    if act in _ACTS and not errors:
        page_ = _look(scope, number, choice, 1)
        said = _act(scope, act, replace(choice, name=page_.run.name, year=page_.run.year), form, errors)
        if said:
            visits.tell(request.visit, said)
            return HttpResponseRedirect(f"{reverse('faults', args=[number])}?{_address(asked)}")
    at = int(sent.get("page", "1")) if sent.get("page", "1").isdecimal() else 1
    shown = _look(scope, number, choice, max(1, at))
    entries = _entries(scope, shown, asked["rule"])
    return {
        "title": f"Faults of {shown.run.name.upper()} {shown.run.year}",
        "crumbs": [
            {"text": "Findings", "href": reverse("findings-all")},
            {"text": f"Run {number}", "href": reverse("findings", args=[number])},
        ],
        "number": number,
        "asked": asked,
        "child": child,
        "form": form,
        "errors": errors,
        "states": STATES,
        "reasons": list(REASONS.items()),
        "entries": entries,
        "shown": shown,
        "table": _table(shown),
        "pages": _pages(shown, number, asked, at) if not child else None,
        "may_give": door("returns.assign").opens_for(scope.purpose.slug),
        "may_explain": door("returns.explain").opens_for(scope.purpose.slug) and bool(asked["rule"]),
        "carried": any(row.carried for row in shown.rows),
        "address": _address(asked),
        "may_take": door("export.owner-findings").opens_for(scope.purpose.slug),
    }


@page("export.owner-findings")
def of_choice(request: HttpRequest, scope: Scope, number: int) -> HttpResponse:
    """The faults meant as an Excel sheet for the person who works through them."""
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    try:
        data = books.export_findings(scope, run=number, choice=_choice(asked, "", {}))
    except WorkspaceError:
        raise Http404 from None
    answer = HttpResponse(data, content_type=EXCEL)
    answer.headers["Content-Disposition"] = f'attachment; filename="faults-{number}-official-sensitive.xlsx"'
    return answer


def _address(asked: dict[str, str]) -> str:
    """The filters as they stand in an address."""
    return urlencode({name: value for name, value in asked.items() if value})


def _look(scope: Scope, number: int, choice: Choice, at: int) -> Page:
    try:
        return found_in.findings(scope, run=number, choice=choice, limit=ON_A_PAGE, offset=(at - 1) * ON_A_PAGE)
    except WorkspaceError:
        raise Http404 from None


def _choice(asked: dict[str, str], child: str, errors: dict[str, str]) -> Choice:
    owner = accounts.by_login(asked["owner"]) if asked["owner"] and asked["owner"] != "nobody" else None
    if asked["owner"] not in {"", "nobody"} and owner is None:
        errors["owner"] = "Nobody signs in under that name. Write nobody for faults that are given to no one."
    return Choice(
        name="",
        year=0,
        rules=frozenset([asked["rule"]] if asked["rule"] else ()),
        children=frozenset([child] if child else ()),
        team=asked["team"] or None,
        owner=owner.id if owner else None,
        unowned=asked["owner"] == "nobody",
        state=State(asked["state"]) if asked["state"] in {state.value for state in State} else None,
    )


def _act(scope: Scope, act: str, choice: Choice, form: dict[str, str], errors: dict[str, str]) -> str:
    """Do what the form asks; the sentence to show, or nothing with the reason in `errors`."""
    try:
        return _ACTS[act](scope, choice, form)
    except PlainError as error:
        errors["to" if act == "assign" else "text"] = error.sentence
    except ValueError:
        errors["due"] = "Enter a day such as 2027-05-31, or leave it blank."
    return ""


def _assign(scope: Scope, choice: Choice, form: dict[str, str]) -> str:
    due = date.fromisoformat(form["due"]) if form["due"] else None
    given = assigning.assign(scope, choice=choice, owner=form["to"], note=form["note"], due=due)
    return f"{_many(given.faults)} given."


def _explain(scope: Scope, choice: Choice, form: dict[str, str]) -> str:
    entry = int(form["entry"]) if form["entry"].isdecimal() else None
    reason = form["reason"] if form["reason"] in REASONS else "right"
    done = explaining.explain(scope, choice=choice, text=form["text"], reason=reason, explanation=entry)
    return f"{_many(done.faults)} explained."


def _confirm(scope: Scope, choice: Choice, form: dict[str, str]) -> str:
    return f"{_many(explaining.confirm(scope, choice=choice))} explained as in the year before."


def _reject(scope: Scope, choice: Choice, form: dict[str, str]) -> str:
    return f"{_many(explaining.confirm(scope, choice=choice, holds=False))} open again."


_ACTS = {"assign": _assign, "explain": _explain, "confirm": _confirm, "reject": _reject}


def _many(count: int) -> str:
    return "1 fault" if count == 1 else f"{count:,} faults"


def _entries(scope: Scope, shown: Page, rule: str) -> list[tuple[str, str]]:
    """What the bank has for the rule, to be used again."""
    if not rule:
        return []
    bank = explaining.explanations(scope, name=shown.run.name, rule=rule)
    return [(str(one.id), f"{REASONS[one.reason]}: {one.words}") for one in bank if one.withdrawn_at is None]


def _table(shown: Page) -> Table:
    heads: list[str | Column] = ["Child", "Rule", "Where", Column("Values as sent", "third"), "State"]
    heads += [Column("Team", spare=True), Column("Owner", spare=True)]
    return Table(
        f"{_many(shown.faults)}, {shown.total:,} rows",
        heads,
        [_row(shown, row) for row in shown.rows],
        Empty("No fault fits.", "Choose less, or look at another run."),
    )


def _row(shown: Page, row: Shown) -> list[Any]:
    pairs = zip(row.fields, row.values, strict=False)  # a fault of the whole return has no values
    state: list[Part] = [Tag(row.state.value.capitalize(), _LOOK[row.state])]
    if row.words:
        state.append(Text(f"{row.words}{' (from an earlier year, to be confirmed)' if row.carried else ''}", "small"))
    owner = accounts.by_id(row.owner) if row.owner else None
    where = f"{row.table} line {row.line}" if row.table else "the whole return"
    return [
        row.child or "none",
        Link(f"Rule {row.rule}", reverse("rule", args=[shown.run.name, row.rule]), row.title),
        where + (f", delivery {row.delivery}" if row.delivery else ""),
        ", ".join(f"{field} {value or 'blank'}" for field, value in pairs),
        Several(state),
        row.team or "",
        (owner.name if owner else "") + (f", by {row.due:%d/%m/%Y}" if row.due else ""),
    ]


def _pages(shown: Page, number: int, asked: dict[str, str], at: int) -> Pages | None:
    total = -(-shown.total // ON_A_PAGE)
    if total < 2:
        return None
    return Pages(max(1, at), total, f"{reverse('faults', args=[number])}?{_address(asked)}&page=")
