"""What needs doing today, and the way to everything else that the purpose opens."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from fairhold.access import Scope
from fairhold.web.page import page


@page("page.home", "home/today.html")
def today(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The first page after choosing a purpose."""
    return {"title": "What needs doing today", "day": scope.day}
