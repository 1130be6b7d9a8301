"""What is asked at the point of collection, item by item; and the voluntary items of one child, to be refused."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import catalogue, record
from fairhold.access import Scope
from fairhold.catalogue import collecting
from fairhold.record import VoluntaryError
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Table, Tag

TITLES = {table.name: table.title.lower() for table in catalogue.tables()}
STATUS = {
    collecting.MANDATORY: Tag("Must be given", "grey"),
    collecting.VOLUNTARY: Tag("May be given", "green"),
}


@page("page.asked", "asked/asked.html")
def asked(request: HttpRequest, scope: Scope, collection: str = "ctf") -> dict[str, Any]:
    """One collection: the text its forms carry today, and the status of each item with what that rests on."""
    if collection not in collecting.COLLECTIONS:
        raise Http404
    rows = [
        [one.title, one.table, STATUS[one.status], one.refusal or "", one.authority, one.source]
        for one in collecting.items(collection, scope.day)
    ]
    heads: list[str | Column] = ["Item", "Table", "Status", "Code of a refusal", "Law"]
    return {
        "title": "What is asked",
        "notice": collecting.notice(collection, scope.day),
        "collections": [(slug, title) for slug, (title, _) in collecting.COLLECTIONS.items()],
        "collection": collection,
        "table": Table("Every item", [*heads, Column("What that rests on", "third")], rows),
    }


@page("page.child-voluntary", "asked/child.html", posts=True)
def of_child(request: HttpRequest, scope: Scope, person: int) -> dict[str, Any] | HttpResponse:
    """The voluntary items of one child: a button takes one out, and keeps it out."""
    errors: dict[str, str] = {}
    if request.method == "POST":
        table, _, field = request.POST.get("item", "").rpartition(".")
        try:
            record.refuse(scope, person=person, table=table, field=field)
        except VoluntaryError as fault:
            errors = {"item": fault.sentence if request.POST.get("item") else "Choose an item."}
        else:
            visits.tell(request.visit, "It is taken out. What comes later is taken out too.")
            return back("child-voluntary", person)
    gone = {(one.table, one.field): one for one in record.refused(scope, person=person)}
    every = {
        (one.table, one.field): one for slug in collecting.COLLECTIONS for one in collecting.items(slug, scope.day)
    }
    may = [every[place] for place in collecting.voluntary(scope.day)]
    told = [
        [_named(every[place]) if place in every else place[1], one.at, one.code or "", one.notice]
        for place, one in gone.items()
    ]
    return {
        "title": "Voluntary items",
        "crumbs": [{"text": "What is asked", "href": reverse("asked")}],
        "person": person,
        "errors": errors,
        "may": [(f"{one.table}.{one.field}", _named(one)) for one in may if (one.table, one.field) not in gone],
        "table": Table(
            "Not given, or taken back",
            ["Item", "Since", "Code that stands for it", "Version of the text"],
            told,
            Empty("Nothing was refused.", "What may be refused stands below."),
        ),
    }


def _named(item: collecting.Item) -> str:
    """An item with the table it stands in: a child and a contact both have a middle name."""
    return f"{item.title} ({TITLES[item.table]})"
