"""The sharing gate against tables drawn by hand: recipients, ages, agreements, links, purposes, channels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from tests.sharing.made_up import BODY, CHANNELS, CORE, DAY, FIELDS, IN_ORDER, LISTS, PURPOSES, consent, in_order
from tests.sharing.tables import ALL, OPEN, WITHOUT_CONSENT, YOUNG, Case, has, holds, rules


@pytest.mark.proves("N081", "N090", "N113", "N146")
def test_without_consent_each_recipient_has_its_own_fields_and_no_other() -> None:
    holds((slug, in_order(slug), WITHOUT_CONSENT[slug]) for slug in IN_ORDER)


@pytest.mark.proves("N114", "N115", "N146", "N147")
def test_consent_to_everything_opens_only_the_closed_list() -> None:
    holds(
        (slug, in_order(slug, child__consents=[consent("young_person", FIELDS, slug)]), ALL[slug]) for slug in IN_ORDER
    )


# recipient, birth date, day, send: whether anything may go
AGES = [
    # 13th birthday
    ("youth-support", "2013-11-24", "2026-11-23", False, False),
    ("youth-support", "2013-11-24", "2026-11-24", False, True),
    ("youth-support", "2013-11-24", "2026-11-25", None, True),
    ("careers-adviser", "2013-11-24", "2026-11-23", False, False),
    ("careers-adviser", "2013-11-24", "2026-11-24", False, True),
    # 16th birthday
    ("post-16-provider", "2010-11-24", "2026-11-23", False, False),
    ("post-16-provider", "2010-11-24", "2026-11-24", False, True),
    ("post-16-provider", "2013-11-24", "2026-11-24", True, False),
    # 20th birthday
    *((slug, "2006-11-24", "2026-11-23", None, True) for slug in YOUNG),
    *((slug, "2006-11-24", "2026-11-24", None, False) for slug in YOUNG),
    *((slug, "2006-11-24", "2026-11-24", False, False) for slug in YOUNG),
    *((slug, "2006-11-24", "2026-11-24", True, True) for slug in YOUNG),
    # 25th birthday
    *((slug, "2001-11-24", "2026-11-23", True, True) for slug in YOUNG),
    *((slug, "2001-11-24", "2026-11-24", True, False) for slug in YOUNG),
    # 29 February
    ("youth-support", "2008-02-29", "2021-02-28", False, False),
    ("youth-support", "2008-02-29", "2021-03-01", False, True),
    ("post-16-provider", "2008-02-29", "2024-02-28", False, False),
    ("post-16-provider", "2008-02-29", "2024-02-29", False, True),
    ("youth-support", "2008-02-29", "2028-02-28", False, True),
    ("youth-support", "2008-02-29", "2028-02-29", False, False),
    ("youth-support", "2008-02-29", "2033-02-28", True, True),
    ("youth-support", "2008-02-29", "2033-03-01", True, False),
    ("youth-justice", "2008-02-29", "2018-02-28", False, False),
    ("youth-justice", "2008-02-29", "2018-03-01", False, True),
    ("youth-justice", "2008-02-29", "2026-02-28", False, True),
    ("youth-justice", "2008-02-29", "2026-03-01", False, False),
    # 10th and 18th birthday; SEND extends nothing here
    ("youth-justice", "2016-11-24", "2026-11-23", False, False),
    ("youth-justice", "2016-11-24", "2026-11-24", False, True),
    ("youth-justice", "2008-11-24", "2026-11-23", True, True),
    ("youth-justice", "2008-11-24", "2026-11-24", True, False),
]


@pytest.mark.proves("N100", "N110", "N111", "N112")
def test_ages() -> None:
    open_ended = {"agreement__from": "2000-01-01", "agreement__to": None}
    holds(
        (
            (slug, born, day, send),
            in_order(slug, on=day, child__date_of_birth=born, child__send=send, **open_ended),
            has(slug, goes),
        )
        for slug, born, day, send, goes in AGES
    )


def test_any_day_that_can_be_written_is_decided() -> None:
    days = ("0001-01-01", "1066-10-14", "1999-12-31", "2100-03-01", "9999-12-31")
    holds((day, in_order("dfe", on=day), WITHOUT_CONSENT["dfe"]) for day in days)


@pytest.mark.proves("N110")
def test_an_unknown_birth_date_refuses_the_age_bound_and_counts_no_consent() -> None:
    def asked(slug: str) -> dict[str, Any]:
        given = [consent("parent", FIELDS, slug), consent("young_person", FIELDS, slug)]
        return in_order(slug, child__date_of_birth=None, child__consents=given)

    holds((slug, asked(slug), has(slug, slug not in (*YOUNG, "youth-justice"))) for slug in IN_ORDER)


@pytest.mark.proves("N101")
def test_residence() -> None:
    holds(
        (
            (slug, home),
            in_order(slug, child__resident=home),
            has(slug, slug not in ("youth-support", "careers-adviser")),
        )
        for slug in IN_ORDER
        for home in (False, None)
    )


@pytest.mark.proves("N147")
def test_a_charity_with_consent_needs_nothing_else() -> None:
    given = [consent("young_person", CORE, "charity")]
    missing = [{"child__resident": None}, {"agreement": None}, {"reference": None}, {"requester__officer": None},
               {"requester__power": None}, {f"child__{kind}": [] for kind in LISTS}]  # fmt: skip
    holds((str(one), in_order("charity", child__consents=given, **one), CORE) for one in missing)


@pytest.mark.proves("N088")
def test_a_need_must_say_something() -> None:
    """Blanks, line and paragraph separators, controls and invisible marks say nothing."""
    nothing = ("", " ", "\u00a0", "\u2028", "\u2029", "\n", "\x85", "\u200b", "\ufeff", "\u2029 \u2028\t")
    holds((need, in_order("school", need=need), ()) for need in nothing)
    holds((need, in_order("school", need=need), WITHOUT_CONSENT["school"]) for need in (".", "\u2028.", "é"))


AGREEMENTS: list[tuple[dict[str, Any], bool]] = [
    ({}, True),
    ({"agreement": None}, False),
    ({"agreement__suspended": True}, False),
    ({"agreement__recipient": "school"}, False),
    ({"agreement__purpose": "inspection"}, False),
    ({"agreement__from": DAY}, True),
    ({"agreement__from": "2026-11-25"}, False),
    ({"agreement__to": DAY}, False),
    ({"agreement__to": "2026-11-25"}, True),
    ({"agreement__to": None}, True),
]


@pytest.mark.proves("N084", "N146")
def test_agreements() -> None:
    needs = ("youth-support", "careers-adviser", "research")
    holds(
        ((slug, changes), in_order(slug, **changes), has(slug, in_force or slug not in needs))
        for slug in IN_ORDER
        for changes, in_force in AGREEMENTS
    )


LINKS = {
    "school": "enrolled_at", "early-years-provider": "enrolled_at", "ap-provider": "placed_with",
    "placement-provider": "placed_with", "post-16-provider": "applied_to", "other-council": "linked_councils",
}  # fmt: skip


@pytest.mark.proves("N140", "N142", "N145")
def test_links() -> None:
    bodies: list[tuple[str | None, list[str]]] = [(BODY, []), (BODY, ["8888002"]), (None, [BODY]), ("8888002", [BODY])]

    def cases() -> Iterable[Case]:
        for slug in IN_ORDER:
            for kind in LISTS:
                for body, listed in bodies:
                    others = {f"child__{other}": [body or BODY] for other in LISTS if other != kind}
                    request = in_order(slug, recipient_id=body, **others, **{f"child__{kind}": listed})
                    linked = body is not None and LINKS.get(slug) != kind
                    yield (slug, kind, body, listed), request, has(slug, slug not in LINKS or linked)

    holds(cases())


BLANKS = ("", " ", "\t\n", "\u00a0", "\u2003\u200b", "\x00")


@pytest.mark.proves("N131", "N141", "N143", "N144")
def test_references_officers_and_powers() -> None:
    asks = ("dfe", "ofsted", "health", "police", "cafcass", "youth-justice", "immigration")

    def cases() -> Iterable[Case]:
        for slug in IN_ORDER:
            for blank in (None, *BLANKS):
                yield (slug, blank), in_order(slug, reference=blank), has(slug, slug not in asks)
                for name in ("officer", "power"):
                    request = in_order(slug, **{f"requester__{name}": blank})
                    yield (slug, name, blank), request, has(slug, slug not in ("police", "immigration"))

    holds(cases())


@pytest.mark.proves("N088")
def test_a_blank_need_refuses_all_even_in_an_emergency() -> None:
    urgent = {"emergency": True, "purpose": "safeguarding", "channel": "phone"}
    holds((slug, in_order(slug, need=need), ()) for slug in IN_ORDER for need in BLANKS)
    holds((slug, in_order(slug, need=need, **urgent), ()) for slug in IN_ORDER for need in BLANKS)
    assert rules(in_order("police", need=" ", **urgent)) == {"R19.need"}


SERVES = {
    "youth-support": ["youth-support"],
    "careers-advice": ["careers-adviser"], "post-16-provision": ["post-16-provider"],
    "statutory-collection": ["dfe"], "inspection": ["ofsted"],
    "education-provision": ["school", "early-years-provider", "ap-provider"],
    "safeguarding": ["health", "police", "other-council", "immigration"], "crime-prevention": ["police"],
    "youth-justice": ["youth-justice"], "court-work": ["cafcass"], "placement": ["placement-provider"],
    "research": ["research"], "child-service": ["charity"],
}  # fmt: skip


@pytest.mark.proves("N050", "N111")
def test_purposes() -> None:
    given = [consent("young_person", CORE, "charity")]
    holds(
        (
            (slug, purpose),
            in_order(slug, purpose=purpose, agreement__purpose=purpose, child__consents=given),
            OPEN[slug] if slug in SERVES.get(purpose, []) else (),
        )
        for slug in IN_ORDER
        for purpose in (*PURPOSES, "youth_support", "Research", "")
    )


WAYS = {
    **dict.fromkeys(("youth-support", "careers-adviser", "post-16-provider"), ("sftp", "portal")),
    **dict.fromkeys(("early-years-provider", "ap-provider", "research"), ("sftp", "portal")),
    "dfe": ("collect", "s2s"), "ofsted": ("ofsted-portal",), "health": ("nhs-mail",),
    **dict.fromkeys(("police", "youth-justice", "cafcass", "immigration"), ("secure-mail",)),
    "school": ("s2s", "portal"), "other-council": ("s2s", "secure-mail", "sftp"),
    "placement-provider": ("portal", "secure-mail"), "charity": ("portal",),
}  # fmt: skip


@pytest.mark.proves("N082", "N141")
def test_channels() -> None:
    given = [consent("young_person", CORE, "charity")]
    holds(
        ((slug, way), in_order(slug, channel=way, child__consents=given), OPEN[slug] if way in WAYS[slug] else ())
        for slug in IN_ORDER
        for way in (*CHANNELS, "fax", "SFTP", "")
    )


@pytest.mark.parametrize("recipient", ["", "Youth-support", "probation", "unheard-of"])
@pytest.mark.proves("N084", "N149")
def test_an_unknown_recipient_is_refused_and_no_error(recipient: str) -> None:
    request = in_order("youth-support", agreement__recipient=recipient) | {"recipient": recipient}
    holds([(recipient, request, ())])
    assert rules(request) == {"R03.recipient"}


def test_an_unknown_field_is_refused_and_no_error() -> None:
    holds([("", in_order("school", fields=["name", "", "Name", "shoe_size"]), ["name"])])
