"""Plain words for what stands in data as a name: a ledger event, an account, a purpose."""

from __future__ import annotations

from fairhold import access, governance
from fairhold.access.doors import doors

ACTS = {
    "signin.in": "Signed in",
    "signin.out": "Signed out",
    "signin.refused": "A sign-in failed",
    "collect.refused": "A code to fetch a package was wrong",
    "signin.purpose": "Chose a purpose",
    "scope.rolled-back": "Undone: an error followed",
    "accounts.first-administrator": "Add the first administrator",
}


def act(kind: str) -> str:
    """A ledger event's kind in words: the title of its door, or of the few acts that have none."""
    return ACTS.get(kind) or (doors()[kind].title if kind in doors() else kind)


def known_act(kind: str) -> str:
    """The kind if it is one that exists, else nothing: what people type into an address is not passed on."""
    return kind if kind in ACTS or kind in doors() else ""


def purpose(slug: str) -> str:
    """A purpose's title; what is not registered is shown as it is."""
    return next((known.title for known in governance.purposes() if known.slug == slug), slug)


def plain(prose: str) -> list[str]:
    """The paragraphs of a document without the marks of emphasis."""
    return [" ".join(part.split()).replace("*", "").replace("`", "") for part in prose.split("\n\n")]


def role(slug: str) -> str:
    """A role's title; what is not registered is shown as it is."""
    return next((known.title for known in access.EVERY if known.slug == slug), slug)
