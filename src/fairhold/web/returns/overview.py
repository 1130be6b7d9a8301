"""Every build and every frozen version, and the form that builds a return."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.returns.building import builder
from fairhold.returns.submission import builds as making
from fairhold.returns.submission import versions
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.returns import looks


@page("page.returns", "returns/overview.html", posts=True)
def overview(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Builds and versions; who may build does it here."""
    form = {name: request.POST.get(name, "").strip() for name in ("name", "year", "la", "on")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _errors(form)
        if not errors:
            try:
                on = date.fromisoformat(form["on"]) if form["on"] else None
                number = making.build(scope, name=form["name"], year=int(form["year"]), la=form["la"], on=on)
            except PlainError as error:
                errors = {"year": error.sentence}
            else:
                visits.tell(request.visit, "The return is built and checked.")
                return back("build", number)
    form["year"] = form["year"] or str(scope.day.year + (scope.day.month > 3))
    frozen, built = versions.versions(scope)
    return {
        "title": "Submissions",
        "form": form,
        "errors": errors,
        "names": [(name, name.upper()) for name in builder.RETURNS],
        "may_build": door("returns.build").opens_for(scope.purpose.slug),
        "submissions": looks.submissions(frozen),
        "builds": looks.builds(built) if door("page.build").opens_for(scope.purpose.slug) else "",
    }


def _errors(form: dict[str, str]) -> dict[str, str]:
    errors = {}
    if form["name"] not in builder.RETURNS:
        errors["name"] = "Choose a return."
    if not (form["year"].isdecimal() and len(form["year"]) == 4):
        errors["year"] = "Enter the collection year, such as 2027 for the year to 31 March 2027."
    if not form["la"]:
        errors["la"] = "Enter the authority's code: E09000031, or three digits for the children in need census."
    if form["on"]:
        try:
            date.fromisoformat(form["on"])
        except ValueError:
            errors["on"] = "Enter the day as 2026-11-23, or leave it blank for now."
    return errors
