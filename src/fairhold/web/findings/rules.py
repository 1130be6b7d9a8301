"""A rule's page: what it means, how to put a fault right, the SQL that runs, and the drawn examples that test it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from fairhold import returns
from fairhold.access import Scope
from fairhold.rulebook import manual
from fairhold.rulebook.domain import Document
from fairhold.web.drawn import examples
from fairhold.web.page import page
from fairhold.web.parts import Item, Summary, Tag

SEVERITY = {
    "error": Tag("Error", "red"),
    "unverified": Tag("Unverified", "orange"),
    "query": Tag("Query", "yellow"),
    "warning": Tag("Warning", "grey"),
}
FIX = "**Put it right:**"


@page("page.rule", "findings/rule.html")
def rule(request: HttpRequest, scope: Scope, name: str, code: str) -> dict[str, Any]:
    """Every wording of one rule, the one in force first. It is the document that runs, not a copy."""
    if name not in returns.MODULES:
        raise Http404
    found = [each for each in manual.documents(returns.declared(name)) if each.code == code and not each.is_view]
    if not found:
        raise Http404
    return {
        "title": f"Rule {code}",
        "crumbs": [{"text": "Findings", "href": reverse("findings-all")}],
        "wordings": [_wording(each) for each in sorted(found, key=lambda each: -each.first)],
    }


def _wording(document: Document) -> dict[str, Any]:
    meaning, _, fix = document.prose.partition(FIX)
    return {
        "title": document.title,
        "meaning": meaning.strip().split("\n\n"),
        "fix": fix.strip(),
        "sql": document.sql,
        "facts": _facts(document),
        "examples": examples(document, lambda row: "Fault" if row.marks else ""),
    }


def _facts(document: Document) -> Summary:
    last = f"to {document.last}" if document.last else "on"
    return Summary(
        [
            Item("Severity", SEVERITY[document.severity]),
            Item("Collections", f"from {document.first} {last}"),
            Item("Fields", ", ".join(f"{table}.{column}" for table, column in document.fields)),
            Item("Source", document.source),
            Item("Reviewed", document.reviewed),
        ]
    )
