"""The privacy notice, open to everybody; its versions and what differs from it; the record of processing."""

from __future__ import annotations

from dataclasses import astuple
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from fairhold import letters, notice
from fairhold.access import Scope
from fairhold.access.doors import door
from fairhold.errors import PlainError
from fairhold.notice import processing, running, versions
from fairhold.notice.domain import KINDS
from fairhold.web import visits
from fairhold.web.page import back, open_page, page
from fairhold.web.parts import Column, Empty, Grid, Item, Several, Summary, Table, Text

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = {
    "csv": (processing.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (processing.as_xlsx, EXCEL),
    "pdf": (processing.as_pdf, "application/pdf"),
}
AGREED = Empty("The notice says what the system does.", "Nothing is missing on either side.")


@open_page("GET")
def public(request: HttpRequest) -> HttpResponse:
    """The notice that everybody may read; nobody signs in for it."""
    found = notice.published()
    context = {
        "title": notice.TITLE,
        "found": found,
        "sections": [
            (of, Table("", list(of.heads), [[one.title, one.text] for one in of.entries]) if of.entries else None)
            for of in found.document.sections
        ],
        "contacts": Summary([Item(who, how) for who, how in letters.contacts().grid().rows]),
        "changes": [one.sentence for one in found.changes],
    }
    return render(request, "notice/public.html", context)


@open_page("GET")
def printed(request: HttpRequest) -> HttpResponse:
    """The same as a tagged PDF."""
    found = notice.published()
    return _file(_pdf(found, letters.contacts()), "application/pdf", "privacy-notice.pdf")


@lru_cache(maxsize=4)
def _pdf(found: notice.Published, contacts: letters.Contacts) -> bytes:
    return notice.as_pdf(found)


@page("page.notice", "notice/notice.html", posts=True)
def check(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """What differs between the published notice and the running system, and the versions."""
    if request.method == "POST":
        if request.POST.get("act") != "publish":
            raise PlainError("Choose what to do with the notice.")
        made = versions.publish(scope)
        visits.tell(request.visit, f"Version {made.number} of the notice is published.")
        return back("notice-check")
    found = running.diff(scope)
    return {
        "title": "Privacy notice",
        "differences": Table(
            "What differs",
            ["What", "Which", Column("How", "half")],
            [[KINDS[one.kind], one.key, one.how] for one in found],
            AGREED,
        ),
        "versions": _versions(versions.versions(scope)),
        "contacts": letters.contacts(),
        "may_publish": door("notice.publish").opens_for(scope.purpose.slug),
    }


def _versions(found: list[versions.Version]) -> Table:
    return Table(
        "Versions",
        ["Version", "Day", Column("Changed since the one before", "half"), "Digest"],
        [
            [
                one.number,
                one.day,
                Several([Text(change.sentence) for change in one.changes]) if one.changes else "",
                Text(one.sha256, "code"),
            ]
            for one in found
        ],
        Empty("No notice is published yet.", "Until then everybody sees the one that ships."),
    )


@page("page.processing", "notice/processing.html")
def record(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The record of processing, a purpose after another."""
    rows = processing.processing(scope)
    things = [list(zip(processing.HEADS, astuple(one), strict=True)) for one in rows]
    return {
        "title": "Record of processing",
        "crumbs": [{"text": "Privacy notice", "href": reverse("notice-check")}],
        "grid": Grid("What is done with data, by purpose", things),
    }


@page("export.processing")
def download(request: HttpRequest, scope: Scope, form: str) -> HttpResponse:
    """The record of processing as a file."""
    make, kind = FORMS[form]
    return _file(make(processing.processing(scope)), kind, f"record-of-processing.{form}")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
