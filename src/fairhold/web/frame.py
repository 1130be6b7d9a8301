"""What stands around every page: the menu of the purpose, who is signed in, a notice, and whether this is a demo."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from fairhold import access
from fairhold.access import accounts
from fairhold.access.doors import door
from fairhold.web import visits
from fairhold.web.menu import FOOTER, MENU
from fairhold.web.parts import Banner


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context that `base/page.html` needs."""
    visit: visits.Visit | None = getattr(request, "visit", None)
    around: dict[str, Any] = {
        "visit": visit,
        "demo": accounts.is_demo(),
        "footer": [{"text": text, "href": reverse(name)} for text, name in FOOTER],
    }
    if visit is None:
        return around
    if visit.notice:
        visits.told(visit)
        around["notice"] = Banner(visit.notice, title="Done", kind="success")
    return around | {"role": access.role(visit.account.role), "navigation": navigation(request, visit)}


def navigation(request: HttpRequest, visit: visits.Visit) -> list[dict[str, Any]]:
    """The pages that the chosen purpose opens, in the menu's order. Of two that lead here, the nearer is active."""
    if visit.purpose is None:
        return []
    opened = [(entry, reverse(entry.name)) for entry in MENU if door(entry.door).opens_for(visit.purpose.slug)]
    places = {reverse(name): href for entry, href in opened for name in (entry.name, entry.also) if name}
    here = (place for place in places if request.path == place or (place != "/" and request.path.startswith(place)))
    nearest = places.get(max(here, key=len, default=""))
    return [
        {
            "text": entry.text,
            "href": href,
            "active": href == nearest,
            "current": request.path == href,
            "about": entry.about,
        }
        for entry, href in opened
    ]
