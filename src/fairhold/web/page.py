"""What makes a function a page: a door, a scope around it, and a template rendered inside the scope.

    @page("page.feeds", "feeds/feeds.html")
    def feeds(request, scope):
        return {"title": "Feeds", "feeds": intake.feeds(scope)}

The person is signed in and works under a purpose that opens the door, or gets the page that says what to do instead.
Nothing of the answer is made after the scope closed, and nothing streams.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from fairhold import access
from fairhold.access.doors import door as find_door
from fairhold.web import errors, visits

Context = Mapping[str, Any]
View = Callable[..., HttpResponse]


def page(name: str, template: str = "", *, posts: bool = False) -> Callable[[Callable[..., Any]], View]:
    """Make a function a page behind the door `name`. It returns the template's context, or an answer of its own.

    `posts`: the page also takes forms. A door that is not in the matrix fails at import.
    """
    found = find_door(name)

    def wrap(body: Callable[..., Context | HttpResponse]) -> View:
        @wraps(body)
        def view(request: HttpRequest, **places: Any) -> HttpResponse:
            if request.method not in (("GET", "HEAD", "POST") if posts else ("GET", "HEAD")):
                return HttpResponseNotAllowed(["GET", "POST"] if posts else ["GET"])
            visit: visits.Visit | None = request.visit
            if visit is None:
                return _first(request, "sign-in")
            if visit.purpose is None:
                return _first(request, "purpose")
            if not found.opens_for(visit.purpose.slug):
                return errors.closed(request, found)
            with access.scope(visit.account.actor(), visit.purpose.slug) as scope:
                scope.allow(name)
                answer = body(request, scope, **places)
                if isinstance(answer, HttpResponse):
                    return answer
                return render(request, template, {"door": name, **answer})

        view.door = name  # type: ignore[attr-defined]
        view.posts = posts  # type: ignore[attr-defined]
        return view

    return wrap


def _first(request: HttpRequest, name: str) -> HttpResponse:
    """Go and sign in, or choose a purpose, and come back here (a form that was sent is not sent again)."""
    onward = request.path if request.method in ("GET", "HEAD") else "/"
    return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'next': onward})}")


def open_page(*methods: str) -> Callable[[View], View]:
    """Make a function a page that needs nobody signed in: signing in, and help without any data."""

    def wrap(body: View) -> View:
        @wraps(body)
        def view(request: HttpRequest, **places: Any) -> HttpResponse:
            if request.method not in (*methods, *(["HEAD"] if "GET" in methods else [])):
                return HttpResponseNotAllowed(methods)
            return body(request, **places)

        view.door = None  # type: ignore[attr-defined]
        return view

    return wrap


def back(name: str, *args: object, **places: object) -> HttpResponse:
    """After a form: go to the page called `name`."""
    return HttpResponseRedirect(reverse(name, args=args or None, kwargs=places or None))
