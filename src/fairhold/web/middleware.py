"""What happens around every page: who is asking, which headers go out, and what is said when something breaks."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from fairhold.web import config, errors, parts, visits

Handler = Callable[[HttpRequest], HttpResponse]

COOKIE = "__Host-fairhold" if config.over_tls() else "fairhold"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
}


class Headers:
    """Security headers on every answer; no copy of a page is kept anywhere, for any page may be about a child."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add the headers."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        return response


class Visits:
    """Finds the visit of the browser's token and puts it on the request as `request.visit` (None when signed out)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the visit known."""
        token = request.COOKIES.get(COOKIE)
        request.visit = visits.find(token) if token else None
        with parts.answering(request):
            response = self.get_response(request)
        if token and request.visit is None and COOKIE not in response.cookies:
            response.delete_cookie(COOKIE)
        return response


def remember(response: HttpResponse, visit: visits.Visit) -> HttpResponse:
    """Give the browser the token of its visit."""
    response.set_cookie(COOKIE, visit.token, secure=config.over_tls(), httponly=True, samesite="Lax", path="/")
    return response


class Refusals:
    """Turns a fault that carries a sentence for people into its page; any other goes on to `errors.anything`."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal, or None."""
        return errors.foreseen(request, error)
