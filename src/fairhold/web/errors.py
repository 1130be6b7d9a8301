"""The pages that say no, or that something broke: what happened, what to do, whom to ask. Never personal data."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path
from traceback import extract_tb

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from psycopg_pool import PoolTimeout

from fairhold import access, engine, governance
from fairhold.access.doors import Door
from fairhold.errors import PlainError
from fairhold.web import visits

log = structlog.get_logger("fairhold.web")


def closed(request: HttpRequest, door: Door) -> HttpResponse:
    """The page of a door that this purpose does not open: which purposes open it, and who works under them."""
    visit: visits.Visit = request.visit
    opening = [purpose for purpose in governance.purposes() if door.opens_for(purpose.slug)]
    mine = [purpose for purpose in opening if purpose in visit.choices]
    roles = sorted({access.role(slug).title for purpose in opening for slug in purpose.roles})
    context = {
        "title": "Not open to this purpose",
        "door_title": door.title,
        "opening": opening,
        "mine": mine,
        "roles": roles,
        "here": request.path,
    }
    return render(request, "base/closed.html", context, status=403)


def foreseen(request: HttpRequest, error: Exception) -> HttpResponse | None:
    """The answer to a fault that carries a sentence for people; None for any other."""
    if isinstance(error, access.Refused):
        context = {"title": "Not allowed", "sentence": error.sentence}
        return render(request, "base/refused.html", context, status=403)
    if isinstance(error, PlainError) and not isinstance(error, engine.EngineError):
        context = {"title": "This could not be done", "sentence": error.sentence}
        return render(request, "base/refused.html", context, status=400)
    return None


def anything(request: HttpRequest) -> HttpResponse:
    """A fault that no page turned into an answer: the person and the log get the same number.

    Neither quotes the fault's own words, which may hold personal data. The page asks nothing of the store.
    """
    error = sys.exc_info()[1]
    if sentence := _of_engine(error):
        context = {"title": "Not available just now", "sentence": sentence}
        return HttpResponse(render_to_string("base/unavailable.html", context), status=503)
    number = secrets.token_hex(4)
    match = request.resolver_match
    log.error(
        "page failed",
        number=number,
        kind=type(error).__name__,
        page=match.view_name if match else "unknown",
        places=[
            f"{Path(frame.filename).name}:{frame.lineno}"
            for frame in extract_tb(error.__traceback__ if error else None)[-4:]
        ],
    )
    context = {"title": "Something broke", "number": number}
    return HttpResponse(render_to_string("base/broken.html", context), status=500)


def _of_engine(error: BaseException | None) -> str | None:
    """The sentence of a fault of the database that waiting may mend; None for any other fault."""
    if isinstance(error, engine.EngineError):
        return error.sentence
    if isinstance(error, PoolTimeout):
        return "The database does not answer. Try again in a moment; what was committed is safe."
    return engine.plain(error) if error else None


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or no such record for this purpose: which of the two is not said."""
    return render(request, "base/not_found.html", {"title": "Page not found"}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the browser sent cannot be understood."""
    context = {"title": "This could not be done", "sentence": "The browser sent something that cannot be read."}
    return render(request, "base/refused.html", context, status=400)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its proof of origin, most often because it lay open too long."""
    context = {"title": "The form has expired", "again": reverse("home")}
    return render(request, "base/form_expired.html", context, status=403)
