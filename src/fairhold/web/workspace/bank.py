"""The bank of explanations of a return: what stands for how many faults, and what was withdrawn."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import returns
from fairhold.access import Scope, accounts
from fairhold.errors import PlainError
from fairhold.returns.workspace import explaining
from fairhold.returns.workspace.explaining import REASONS, Explanation
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Table, Tag


@page("page.explanations", "workspace/bank.html", posts=True)
def bank(request: HttpRequest, scope: Scope, name: str) -> dict[str, Any] | HttpResponse:
    """Every explanation, and the form that withdraws one."""
    if name not in returns.MODULES:
        raise Http404
    form = {what: request.POST.get(what, "").strip() for what in ("number", "because")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            number = int(form["number"]) if form["number"].isdecimal() else 0
            freed = explaining.withdraw(scope, explanation=number, because=form["because"])
        except PlainError as error:
            errors["number"] = error.sentence
        else:
            visits.tell(request.visit, f"Withdrawn: {freed} faults are open again.")
            return back("explanations", name)
    found = explaining.explanations(scope, name=name)
    return {
        "title": f"Explanations of {name.upper()}",
        "crumbs": [{"text": "Findings", "href": reverse("findings-all")}],
        "name": name,
        "form": form,
        "errors": errors,
        "any": any(one.withdrawn_at is None for one in found),
        "table": Table(
            "Explanations",
            ["Number", "Rule", "Reason", Column("Words", "half"), Column("Faults", "number"), "By", "State"],
            [_row(one) for one in found],
            Empty("Nothing was explained yet.", "Explain a fault from the faults of a run: the words are kept here."),
        ),
    }


def _row(one: Explanation) -> list[Any]:
    by = accounts.by_id(one.made_by)
    state = Tag("In use", "green") if one.withdrawn_at is None else Tag(f"Withdrawn: {one.because}", "grey")
    return [one.id, f"Rule {one.rule}", REASONS[one.reason], one.words, one.faults, by.name if by else "", state]
