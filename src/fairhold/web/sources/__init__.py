"""Sources: who may send data. A file from anybody else is refused."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import access, intake
from fairhold.access import Row, Scope
from fairhold.access.doors import door
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Table

KINDS = {"school": "School", "case-system": "Case system", "register": "Register"}
ORIGINS = {"council": "The council, a school or a service", "dfe": "The DfE", "public-body": "Another public body"}
FIELDS = ("kind", "name", "lea", "estab", "urn", "case_system", "origin")


@page("page.sources", "sources/sources.html")
def sources(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every registered source."""
    may_add = door("page.sources-add").opens_for(scope.purpose.slug)
    return {"title": "Sources", "table": _table(intake.list_sources(scope)), "may_add": may_add}


@page("page.sources-add", "sources/add.html", posts=True)
def add(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """The form of a new source."""
    form = {name: request.POST.get(name, "").strip() for name in FIELDS}
    errors: dict[str, str] = {}
    if request.method == "POST":
        errors = _errors(form) or _add(scope, form)
        if not errors:
            visits.tell(request.visit, "The source is registered.")
            return back("sources")
    return {
        "title": "Register a source",
        "form": form | {"origin": form["origin"] or "council"},
        "errors": errors,
        "kinds": KINDS.items(),
        "origins": ORIGINS.items(),
        "crumbs": [{"text": "Sources", "href": reverse("sources")}],
    }


def _errors(form: dict[str, str]) -> dict[str, str]:
    errors = {}
    if form["kind"] not in KINDS:
        errors["kind"] = "Choose what kind of source it is."
    if not form["name"]:
        errors["name"] = "Enter the source's name."
    if form["origin"] not in {"", *ORIGINS}:
        errors["origin"] = "Choose whose data it is."
    return errors


def _add(scope: Scope, form: dict[str, str]) -> dict[str, str]:
    given = {name: form[name] or None for name in FIELDS[2:-1]}
    origin = form["origin"] or "council"
    new = intake.NewSource(kind=form["kind"], name=form["name"], origin=origin, **given)  # type: ignore[arg-type]
    try:
        added = intake.add_sources(scope, sources=[new])
    except access.Refused as refusal:
        return {"lea" if form["kind"] == "school" else "case_system": refusal.sentence}
    return {} if added else {"name": "This source is registered already."}


def _table(found: list[Row]) -> Table:
    return Table(
        "Registered sources",
        [
            "Name",
            "Kind",
            Column("Number", spare=True),
            Column("Software", spare=True),
            Column("Files", "number"),
            "Last file came",
            "Registered by",
        ],
        [
            [
                row["name"],
                KINDS[row["kind"]],
                f"{row['lea']}/{row['estab']}" if row["lea"] else "",
                row["case_system"],
                row["deliveries"],
                row["last_received"],
                row["registered_by"],
            ]
            for row in found
        ],
        Empty("No source is registered yet.", "Until one is, every file is refused."),
    )
