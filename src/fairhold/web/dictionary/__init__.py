"""The data dictionary: everything that may be held, from where, for which purposes, and for how long."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from fairhold import catalogue, governance
from fairhold.access import Scope
from fairhold.web import words
from fairhold.web.page import page
from fairhold.web.parts import Column, Item, Link, Summary, Table


@page("page.dictionary", "dictionary/dictionary.html")
def tables(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Every table of facts, under the category of the notice that covers it."""
    titles = {category.slug: category.title for category in catalogue.categories()}
    ordered = sorted(catalogue.tables(), key=lambda table: list(titles).index(table.category))
    groups = [
        Table(
            titles[slug],
            ["What", "Domain", "Class", "Fields"],
            [
                [
                    Link(table.title, reverse("dictionary-table", args=[table.name])),
                    table.domain,
                    table.klass,
                    len(table.fields),
                ]
                for table in group
            ],
        )
        for slug, group in groupby(ordered, key=lambda table: table.category)
    ]
    waiting = [category.title for category in catalogue.categories() if not category.held]
    return {"title": "Data dictionary", "groups": groups, "waiting": waiting}


@page("page.dictionary", "dictionary/table.html")
def table(request: HttpRequest, scope: Scope, name: str) -> dict[str, Any]:
    """One table: its fields, its purposes, and the law behind them."""
    try:
        found = catalogue.table(name)
    except KeyError:
        raise Http404 from None
    return {
        "title": found.title,
        "crumbs": [{"text": "Data dictionary", "href": reverse("dictionary")}],
        "facts": _facts(found),
        "fields": _fields(found),
        "purposes": _purposes(found),
    }


def _facts(found: catalogue.Table) -> Summary:
    category = next(each for each in catalogue.categories() if each.slug == found.category)
    return Summary(
        [
            Item("Name in the store", found.name),
            Item("Category of the notice", f"{category.title} ({category.obligation})"),
            Item("Domain", found.domain),
            Item("Class", found.klass),
            Item("Retention class", found.retention),
        ]
    )


def _fields(found: catalogue.Table) -> Table:
    return Table(
        "Fields",
        [
            "Field",
            "Meaning",
            Column("Codes", spare=True),
            "Collected",
            Column("In a transfer file", spare=True),
            Column("In SSDA903", spare=True),
            Column("In the census of children in need", spare=True),
            Column("In an extract (SSD)", spare=True),
        ],
        [
            [
                field.name,
                field.title,
                ", ".join(field.codesets),
                field.collected,
                field.ctf.replace("|", " or "),
                field.ssda903,
                field.cin.replace("|", " or "),
                field.ssd,
            ]
            for field in found.fields
        ],
    )


def _purposes(found: catalogue.Table) -> Table:
    known = {purpose.slug: purpose for purpose in governance.purposes()}
    return Table(
        "Purposes that may use it",
        ["Purpose", "What it is for", "Who", "Law"],
        [
            [
                known[slug].title,
                known[slug].job,
                ", ".join(words.role(role) for role in known[slug].roles) or "Nobody: only acts that make a return",
                ", ".join(known[slug].lawful_bases),
            ]
            for slug in found.purposes
        ],
    )
