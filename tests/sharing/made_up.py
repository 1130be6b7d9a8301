"""Made-up sharing requests: one that is in order for each recipient, and generated ones of every kind."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

CORE = ("name", "address", "date_of_birth")
EXTRA = ("school", "year_group", "attendance_band", "send_support", "planned_destination")
REST = (
    "sex", "upn", "ethnicity", "language", "fsm", "nhs_number", "phone", "email", "parent_name", "exclusions",
    "attainment", "safeguarding_notes", "social_care_status", "health_condition", "court_orders", "penalty_notices",
)  # fmt: skip
FIELDS = CORE + EXTRA + REST
DAY = "2026-11-24"
BODY = "9999001"

# recipient: (its purpose, a channel it may use)
IN_ORDER = {
    "youth-support": ("youth-support", "sftp"),
    "careers-adviser": ("careers-advice", "portal"),
    "post-16-provider": ("post-16-provision", "sftp"),
    "dfe": ("statutory-collection", "collect"),
    "ofsted": ("inspection", "ofsted-portal"),
    "school": ("education-provision", "s2s"),
    "early-years-provider": ("education-provision", "portal"),
    "ap-provider": ("education-provision", "sftp"),
    "health": ("safeguarding", "nhs-mail"),
    "police": ("crime-prevention", "secure-mail"),
    "other-council": ("safeguarding", "s2s"),
    "immigration": ("safeguarding", "secure-mail"),
    "youth-justice": ("youth-justice", "secure-mail"),
    "cafcass": ("court-work", "secure-mail"),
    "placement-provider": ("placement", "portal"),
    "research": ("research", "sftp"),
    "charity": ("child-service", "portal"),
}
URGENT = (
    "police", "health", "other-council", "school", "early-years-provider", "ap-provider", "youth-justice", "cafcass",
    "placement-provider", "youth-support", "charity",
)  # fmt: skip
PURPOSES = sorted({purpose for purpose, _ in IN_ORDER.values()} | {"safeguarding"})
CHANNELS = (
    "sftp", "portal", "collect", "s2s", "ofsted-portal", "nhs-mail", "secure-mail", "phone", "email", "post", "usb",
)  # fmt: skip


def in_order(recipient: str, **changes: Any) -> dict[str, Any]:
    """A request that nothing speaks against, for a made-up child of 17. `child__born="…"` changes inside `child`."""
    purpose, channel = IN_ORDER[recipient]
    request: dict[str, Any] = {
        "recipient": recipient,
        "recipient_id": BODY,
        "purpose": purpose,
        "on": DAY,
        "fields": list(FIELDS),
        "need": "Made-up need.",
        "channel": channel,
        "emergency": False,
        "reference": "REF-1",
        "requester": {
            "id": "u1", "role": "officer", "organisation": "Made-up body", "officer": "PC 1", "power": "a power",
        },
        "agreement": {
            "id": "A1", "recipient": recipient, "purpose": purpose, "from": "2026-01-01", "to": "2027-01-01",
            "suspended": False,
        },
        "child": {
            "date_of_birth": "2009-06-01", "resident": True, "send": False, "confidential_address": False,
            "restricted": False, "enrolled_at": [BODY], "placed_with": [BODY], "applied_to": [BODY],
            "linked_councils": [BODY], "consents": [], "objections": [],
        },
    }  # fmt: skip
    for path, value in changes.items():
        *parents, name = path.split("__")
        part = request
        for parent in parents:
            part = part[parent]
        part[name] = copy.deepcopy(value)
    return request


def consent(
    by: str, fields: Any, recipient: str, since: str = "2026-01-01", until: str | None = None
) -> dict[str, Any]:
    """A made-up consent."""
    return {"by": by, "fields": list(fields), "recipient": recipient, "from": since, "to": until}


def objection(
    by: str, fields: Any = None, recipient: str | None = None, since: str = "2026-01-01", until: str | None = None
) -> dict[str, Any]:
    """A made-up objection; without fields or recipient it is to all."""
    listed = None if fields is None else list(fields)
    return {"by": by, "fields": listed, "recipient": recipient, "from": since, "to": until}


# Dates that lie on and beside every boundary a child of these birth dates meets.
BIRTHS = (
    "2001-11-24",
    "2006-11-24",
    "2006-11-25",
    "2008-02-29",
    "2010-11-24",
    "2010-11-25",
    "2013-11-24",
    "2016-11-25",
)
DAYS = ("2020-02-29", "2024-02-29", "2026-02-28", "2026-03-01", "2026-11-23", DAY, "2028-02-29", "2033-02-28")
edges = st.sampled_from(DAYS + BIRTHS + ("2022-11-24", "2024-11-24"))
slugs = st.sampled_from([*FIELDS, "unheard-of"])
recipients = st.sampled_from([*IN_ORDER, "unheard-of"])
spoken = st.sampled_from([None, "", " \t", "\u200b\u00a0", "Said."])


def _mostly(value: Any, other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(value), st.just(value), st.just(value), other)


@st.composite
def choices(draw: st.DrawFn, recipient: str, *, kind: str) -> dict[str, Any]:
    """A consent or an objection, mostly about this recipient."""
    fields = st.lists(slugs, max_size=6)
    whom: st.SearchStrategy[Any] = _mostly(recipient, recipients)
    if kind == "objection":
        fields, whom = st.none() | fields, st.none() | whom  # type: ignore[assignment]
    return {
        "by": draw(st.sampled_from(["parent", "young_person"])),
        "fields": draw(fields),
        "recipient": draw(whom),
        "from": draw(edges),
        "to": draw(st.none() | edges),
    }


@st.composite
def requests(draw: st.DrawFn) -> dict[str, Any]:
    """Any request the schema allows, leaning to those that come close to being allowed."""
    recipient = draw(recipients)
    request = in_order(recipient if recipient in IN_ORDER else "school", recipient=recipient)
    if request["agreement"]["recipient"] != recipient or draw(st.integers(0, 4)) == 0:
        request["agreement"] = draw(st.none() | agreements(request))
    for name, other in {
        "purpose": st.sampled_from([*PURPOSES, "unheard-of"]),
        "channel": st.sampled_from([*CHANNELS, "unheard-of"]),
        "recipient_id": st.sampled_from([None, "", "8888002"]),
        "need": st.sampled_from(["", " \n", "\u2028", "Need."]),
        "reference": spoken,
        "on": st.sampled_from(DAYS),
    }.items():
        request[name] = draw(_mostly(request[name], other))
    request["emergency"] = draw(st.booleans())
    if request["emergency"]:
        request["purpose"] = draw(_mostly("safeguarding", st.just(request["purpose"])))
        request["channel"] = draw(_mostly("phone", st.just(request["channel"])))
    request["fields"] = draw(st.lists(slugs, min_size=1, max_size=12, unique=True))
    request["requester"]["officer"] = draw(_mostly("PC 1", spoken))
    request["requester"]["power"] = draw(_mostly("a power", spoken))
    request["child"] = draw(children(recipient))
    return request


@st.composite
def agreements(draw: st.DrawFn, request: dict[str, Any]) -> dict[str, Any]:
    """An agreement that may be with somebody else, for something else, over, not begun or on hold."""
    return {
        "id": "A2",
        "recipient": draw(_mostly(request["recipient"], recipients)),
        "purpose": draw(_mostly(request["purpose"], st.sampled_from(PURPOSES))),
        "from": draw(edges),
        "to": draw(st.none() | edges),
        "suspended": draw(_mostly(False, st.just(True))),
    }


@st.composite
def children(draw: st.DrawFn, recipient: str) -> dict[str, Any]:
    """The facts of a made-up child, with the gaps a record can have."""
    bodies = st.lists(st.sampled_from([BODY, "8888002", ""]), max_size=2)
    return {
        "date_of_birth": draw(_mostly(draw(st.sampled_from(BIRTHS)), st.none())),
        "resident": draw(_mostly(True, st.sampled_from([False, None]))),
        "send": draw(st.sampled_from([True, False, None])),
        "confidential_address": draw(st.booleans()),
        "restricted": draw(st.booleans()),
        **{
            kind: draw(_mostly([BODY], bodies))
            for kind in ("enrolled_at", "placed_with", "applied_to", "linked_councils")
        },
        "consents": draw(st.lists(choices(recipient, kind="consent"), max_size=3)),
        "objections": draw(_mostly([], st.lists(choices(recipient, kind="objection"), max_size=2))),
    }
