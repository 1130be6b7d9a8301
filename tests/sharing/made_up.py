"""Made-up sharing requests: one that is in order for each recipient, and generated ones of every kind."""

from __future__ import annotations

import copy
import random
from collections.abc import Sequence
from typing import Any

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
EDGES = DAYS + BIRTHS + ("2022-11-24", "2024-11-24")
SPOKEN = (None, "", " \t", "\u200b\u00a0", "Said.")
STRANGE = "unheard-of"
LISTS = ("enrolled_at", "placed_with", "applied_to", "linked_councils")


def many(seed: int, count: int = 250) -> list[dict[str, Any]]:
    """Made-up requests of every kind the schema allows, leaning to those that come close to being allowed."""
    rng = random.Random(seed)
    return [_request(rng) for _ in range(count)]


def _mostly(rng: random.Random, value: Any, others: Sequence[Any]) -> Any:
    return value if rng.random() < 0.9 else rng.choice(others)


def _request(rng: random.Random) -> dict[str, Any]:
    recipient = rng.choice([*IN_ORDER, STRANGE])
    request = in_order(recipient if recipient in IN_ORDER else "school") | {"recipient": recipient}
    request["on"] = _mostly(rng, DAY, DAYS)
    request["agreement"] = {**request["agreement"], "from": "2000-01-01", "to": None}
    if rng.random() < 0.2:
        request["agreement"] = rng.choice([None, _agreement(rng, request)])
    others: dict[str, Sequence[Any]] = {
        "purpose": (*PURPOSES, STRANGE),
        "channel": (*CHANNELS, STRANGE),
        "recipient_id": (None, "", "8888002"),
        "need": ("", " \n", "\u2028", "Need."),
        "reference": SPOKEN,
    }
    for name, values in others.items():
        request[name] = _mostly(rng, request[name], values)
    if rng.random() < 0.3:
        request["emergency"] = True
        request["purpose"] = _mostly(rng, "safeguarding", [request["purpose"]])
        request["channel"] = _mostly(rng, "phone", [request["channel"]])
    request["fields"] = rng.sample([*FIELDS, STRANGE], rng.randint(1, 12))
    for name in ("officer", "power"):
        request["requester"][name] = _mostly(rng, "Said.", SPOKEN)
    request["child"] = _child(rng, recipient)
    return request


def _agreement(rng: random.Random, request: dict[str, Any]) -> dict[str, Any]:
    """With somebody else, for something else, over, not begun or on hold: or in order all the same."""
    return {
        "id": "A2",
        "recipient": _mostly(rng, request["recipient"], list(IN_ORDER)),
        "purpose": _mostly(rng, request["purpose"], PURPOSES),
        "from": rng.choice(EDGES),
        "to": rng.choice([None, *EDGES]),
        "suspended": rng.random() < 0.1,
    }


def _child(rng: random.Random, recipient: str) -> dict[str, Any]:
    """The facts of a made-up child, with the gaps a record can have."""
    return {
        "date_of_birth": _mostly(rng, rng.choice(BIRTHS), [None]),
        "resident": _mostly(rng, True, [False, None]),
        "send": rng.choice([True, False, None]),
        "confidential_address": rng.random() < 0.2,
        "restricted": rng.random() < 0.2,
        **{kind: _mostly(rng, [BODY], [[], [""], ["8888002", BODY]]) for kind in LISTS},
        "consents": [_choice(rng, recipient, "consent") for _ in range(rng.choice([0, 1, 2, 3]))],
        "objections": [_choice(rng, recipient, "objection") for _ in range(rng.choice([0, 0, 0, 1, 2]))],
    }


def _choice(rng: random.Random, recipient: str, kind: str) -> dict[str, Any]:
    fields: Any = rng.sample([*FIELDS, STRANGE], rng.randint(0, 8))
    whom: Any = _mostly(rng, recipient, [*IN_ORDER, STRANGE])
    if kind == "objection":
        fields, whom = rng.choice([None, fields]), rng.choice([None, whom, whom])
    return {
        "by": rng.choice(["parent", "young_person"]),
        "fields": fields,
        "recipient": whom,
        "from": _mostly(rng, rng.choice(EDGES[:4]), EDGES),
        "to": rng.choice([None, None, *EDGES]),
    }
