"""Fetching a package with its number and code: for a recipient without a server. Nobody is signed in, nothing is shown.

Number and code travel in the form, never in the address, so that they stand in no log.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fairhold import access
from fairhold.sharing import collecting
from fairhold.sharing.collecting import Outcome
from fairhold.web import attempts
from fairhold.web.page import open_page

TOO_MANY = "Too many codes failed. Wait 15 minutes, then try again, or ask the council."
STATUS = {Outcome.WRONG: 400, Outcome.DAMAGED: 500}  # the others: gone (410)


@open_page("GET", "POST")
def collect(request: HttpRequest) -> HttpResponse:
    """The form; and, for a number and a code that fit, the package."""
    if request.method != "POST":
        return _form(request, {})
    number, code = request.POST.get("number", ""), request.POST.get("code", "")
    missing = {
        name: sentence
        for name, value, sentence in (
            ("number", number, "Enter the number of the package."),
            ("code", code, "Enter the code that the council gave you."),
        )
        if not value.strip()
    }
    if missing:
        return _form(request, missing, status=400)
    address, guessed = request.META.get("REMOTE_ADDR", ""), f"collect {number}"
    if attempts.shut(guessed, address):
        return _form(request, {"code": TOO_MANY}, status=429)
    with access.scope(collecting.NOBODY, collecting.PURPOSE) as scope:
        attempt = collecting.collect(scope, number=number, code=code)
    if attempt.outcome is Outcome.FETCHED:
        answer = HttpResponse(attempt.data, content_type="application/octet-stream")
        answer.headers["Content-Disposition"] = f'attachment; filename="{attempt.name}"'
        return answer
    if attempt.outcome is Outcome.WRONG:
        attempts.failed(guessed, address, account=None, what="collect.refused")
    return _form(request, {"code": attempt.outcome.value}, status=STATUS.get(attempt.outcome, 410))


def _form(request: HttpRequest, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
    context = {"title": "Fetch a package", "errors": errors, "number": request.POST.get("number", "")[:20]}
    return render(request, "collect/collect.html", context, status=status)
