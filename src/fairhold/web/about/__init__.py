"""What these pages are, and how accessible. Open to anybody: it says nothing about any child."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairhold.web.page import open_page


@open_page("GET")
def about(request: HttpRequest) -> HttpResponse:
    """The accessibility statement and what the ledger keeps."""
    return render(request, "about/about.html", {"title": "About these pages"})
