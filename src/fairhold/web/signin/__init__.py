"""Signing in and out, and choosing the purpose to work under."""

from __future__ import annotations

from itertools import groupby

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from fairhold import access
from fairhold.access import accounts
from fairhold.web import attempts, middleware, visits
from fairhold.web.page import open_page

NOT_KNOWN = "The sign-in name or the password is not right."
TOO_MANY = "Too many sign-ins failed. Wait 15 minutes, then try again, or ask an administrator."


def onward(request: HttpRequest) -> str:
    """Where the person wanted to go: an address of ours, else home."""
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"


@open_page("GET", "POST")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The form of name and password and, in a demo, the choice among its made-up staff."""
    if request.method == "GET":
        return _form(request, {})
    name, password = request.POST.get("name", "").strip(), request.POST.get("password", "")
    missing = {
        field: sentence
        for field, value, sentence in (
            ("name", name, "Enter your sign-in name."),
            ("password", password, "Enter your password."),
        )
        if not value
    }
    if missing:
        return _form(request, missing, status=400)
    address = request.META.get("REMOTE_ADDR", "")
    if attempts.shut(name, address):
        return _form(request, {"name": TOO_MANY}, status=429)
    account = accounts.by_login(name)
    if not _fits(account, password) or account is None or account.disabled:
        attempts.failed(name, address, account=account.id if account else None)
        return _form(request, {"name": NOT_KNOWN}, status=400)
    return _enter(request, account)


@open_page("POST")
def as_made_up(request: HttpRequest) -> HttpResponse:
    """Sign in as one of a demo's made-up staff; elsewhere there are none, and the store could not hold one."""
    number = request.POST.get("account", "")
    chosen = next((account for account in accounts.made_up() if str(account.id) == number), None)
    if chosen is None:
        return _form(request, {"": "There is no such made-up account here."}, status=400)
    return _enter(request, chosen)


@open_page("POST")
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the visit here and in the store."""
    visit: visits.Visit | None = request.visit
    if visit is not None:
        visits.end(visit)
    response = HttpResponseRedirect("/sign-in/")
    response.delete_cookie(middleware.COOKIE)
    return response


@open_page("GET", "POST")
def purpose(request: HttpRequest) -> HttpResponse:
    """Choose what the data is used for from now on. Nothing of a child is seen before."""
    visit: visits.Visit | None = request.visit
    if visit is None:
        return HttpResponseRedirect("/sign-in/")
    errors = {}
    if request.method == "POST":
        slug = request.POST.get("purpose", "")
        if slug in {choice.slug for choice in visit.choices}:
            visits.choose(visit, slug)
            return HttpResponseRedirect(onward(request))
        errors = {"purpose": "Choose the purpose you work under."}
    context = {"title": "What are you working on?", "next": onward(request), "errors": errors}
    return render(request, "signin/purpose.html", context, status=400 if errors else 200)


def _fits(account: accounts.Account | None, password: str) -> bool:
    """Whether the password fits; an unknown name takes as long to refuse as a wrong password."""
    if account is None or account.password_hash is None:
        accounts.hash_password(password)
        return False
    return accounts.password_fits(account, password)


def _enter(request: HttpRequest, account: accounts.Account) -> HttpResponse:
    old: visits.Visit | None = request.visit
    if old is not None:
        visits.end(old)
    visit = visits.start(account)
    return middleware.remember(HttpResponseRedirect(onward(request)), visit)


def _form(request: HttpRequest, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    made_up = sorted(accounts.made_up(), key=lambda account: (_order(account), account.name))
    people = [(access.role(slug), list(group)) for slug, group in groupby(made_up, key=lambda account: account.role)]
    context = {
        "title": "Sign in",
        "errors": errors,
        "name": request.POST.get("name", ""),
        "next": onward(request),
        "people": people,
    }
    return render(request, "signin/sign_in.html", context, status=status)


def _order(account: accounts.Account) -> int:
    return [role.slug for role in access.ROLES].index(account.role)
