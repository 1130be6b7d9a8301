"""Whether a changed row of policy lets less go than the row before it. Pure.

Each column has a direction. What is not surely tighter is looser: then two people must want it. Narrowing what keeps a
child from harm is no tightening either: it can hurt, so two people must want that too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

Row = Mapping[str, str]
Tighter = Callable[[str, str], bool]


class Effect(StrEnum):
    """What a change does to what may leave. Stored in the database."""

    WORDS = "words"  # nothing but names and sources
    TIGHTENS = "tightens"
    LOOSENS = "loosens"  # or may loosen, or narrows the way that keeps a child from harm


def _fewer(before: str, after: str) -> bool:
    return set(after.split()) <= set(before.split())


def _from_to(first: str, then: str) -> Tighter:
    return lambda before, after: (before, after) == (first, then)


def _higher(before: str, after: str) -> bool:
    return bool(after) and (not before or int(after) >= int(before))


def _lower(before: str, after: str) -> bool:
    return bool(after) and (not before or int(after) <= int(before))


def _never(before: str, after: str) -> bool:
    return False


def _free(before: str, after: str) -> bool:
    return True


_TIGHTER: dict[str, dict[str, Tighter]] = {
    "lawful_bases": {"commenced": lambda before, after: after != "yes"},
    "policy_recipients": {
        "age_from": _higher,
        "age_to": _lower,
        "age_to_send": _lower,
        "resident": _from_to("no", "yes"),
        "agreement": _from_to("no", "yes"),
        "link": lambda before, after: not before,
        "reference": _from_to("no", "yes"),
        "officer": _from_to("no", "yes"),
        "objection": _from_to("decided apart", "heeded"),
        "approvals": _higher,
        "schedule": _from_to("yes", "no"),
    },
    "policy_purposes": {"recipients": _fewer},
    "policy_channels": {"recipients": _fewer, "emergency": _never, "never": _from_to("no", "yes")},
    "policy_fields": {"core": _never},
    "policy_opens": {"fields": _fewer, "gateway": _fewer},
    "policy_refusals": {},
    "policy_law": {"lawful_bases": _fewer},
    "policy_evidence": {"channels": lambda before, after: _fewer(after, before)},
    "policy_reasons": {"identified": _from_to("yes", "no"), "open": _from_to("yes", "no")},
    "policy_terms": {"days": _lower},
    "policy_known": {"purposes": _fewer, "gateway": _fewer},
    "share_flows": {
        **dict.fromkeys(("recipients", "form", "fields", "channel", "reasons"), _fewer),
        **dict.fromkeys(("purpose", "works_under", "people"), _never),
        "pseudonyms": _from_to("no", "yes"),
        "schedule": _from_to("yes", "no"),
    },
}
_WORDS = {
    "lawful_bases": {
        *("purpose", "activity_or_return", "article6", "article9_or_10", "dpa2018_sch1", "legislation", "gateway"),
        *("recipient", "effective_note", "source", "confidence"),
    },
    "policy_recipients": {"name", "register", "law", "source"},
    "policy_purposes": {"source"},
    "policy_channels": {"title", "source"},
    "policy_fields": {"title", "source"},
    "policy_opens": {"law", "source"},
    "policy_refusals": {"sentence", "law", "reason", "would_change"},
    "policy_law": {"citation", "confidence", "note"},
    "policy_evidence": {"title", "source"},
    "policy_reasons": {"title", "source"},
    "policy_terms": {"title", "source"},
    "policy_known": {"source"},
    "share_flows": {"title", "source"},
}


def settable(file: str) -> list[str]:
    """The columns of a file that an officer may change; the others say what a row is about, and when."""
    return sorted(_TIGHTER[file].keys() | _WORDS[file])


def effect(file: str, before: Row | None, after: Row) -> Effect:
    """What it does that `after` follows `before`; a row about something new lets more go."""
    if before is None:
        return Effect.TIGHTENS if file == "policy_evidence" else Effect.LOOSENS  # one proof more is asked for
    changed = [name for name in settable(file) if before[name] != after[name]]
    decisive = [name for name in changed if name in _TIGHTER[file]]
    if not decisive:
        return Effect.WORDS
    tighter = all(_TIGHTER[file][name](before[name], after[name]) for name in decisive)
    return Effect.TIGHTENS if tighter and not _narrows_protection(file, before, after) else Effect.LOOSENS


def _narrows_protection(file: str, before: Row, after: Row) -> bool:
    """Whether less would go, or by fewer ways, where a child must be kept from harm."""
    if file == "policy_purposes":
        return before["when"] == "emergency"
    return file == "policy_channels" and before["emergency"] == "yes" and before["never"] != after["never"]
