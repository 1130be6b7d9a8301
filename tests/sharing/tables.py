"""What the contract says each recipient has, and a way to hold the gate to a table of cases."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fairhold.sharing import gate
from tests.sharing.made_up import CORE, EXTRA, IN_ORDER

# What each recipient has of a child of 17 without consent.
WITHOUT_CONSENT = {
    **dict.fromkeys(IN_ORDER, CORE),
    "school": (*CORE, "upn", "sex", "ethnicity", "language", "year_group"),
    "dfe": (*CORE, "upn", "sex", "ethnicity", "language", "fsm", "year_group"),
    "ofsted": ("date_of_birth", "sex", "ethnicity"),
    "research": ("sex", "year_group", "attendance_band", "send_support"),
    "charity": (),
}
YOUNG = ("youth-support", "careers-adviser", "post-16-provider")
BY_CONSENT = {**dict.fromkeys(IN_ORDER, ()), "charity": CORE, **dict.fromkeys(YOUNG, EXTRA)}
ALL = {slug: (*WITHOUT_CONSENT[slug], *BY_CONSENT[slug]) for slug in IN_ORDER}
OPEN = {**WITHOUT_CONSENT, "charity": CORE}
HEARS_NO_OBJECTION = ("dfe", "ofsted", "health", "police", "other-council", "youth-justice", "cafcass", "immigration")


Case = tuple[Any, dict[str, Any], Iterable[str]]


def holds(cases: Iterable[Case]) -> None:
    """Each (what it is about, request, what may go) is decided so, every field in exactly one list, in order."""
    listed = list(cases)
    answers = gate.decide_many([request for _, request, _ in listed])
    for (about, request, expected), found in zip(listed, answers, strict=True):
        answer = found.document()
        refused = [row["field"] for row in answer["refused"]]
        assert set(answer["allowed"]) == set(expected), about
        assert [name for name in request["fields"] if name in answer["allowed"]] == answer["allowed"], about
        assert [name for name in request["fields"] if name not in answer["allowed"]] == refused, about
        assert answer["outcome"] == ("refuse" if not answer["allowed"] else "partial" if refused else "allow"), about
        assert answer["as_of"] == request["on"], about


def has(recipient: str, goes: bool) -> Iterable[str]:
    """What a recipient has when the request as a whole may go, and when not."""
    return WITHOUT_CONSENT[recipient] if goes else ()


def rules(request: dict[str, Any]) -> set[str]:
    """The rules that refuse."""
    return {row["rule"] for row in gate.decide(request).document()["refused"]}
