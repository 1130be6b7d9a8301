"""The sharing gate against tables drawn by hand: consents, objections, addresses, emergencies, approvals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from fairhold.sharing import gate
from tests.sharing.made_up import CHANNELS, CORE, DAY, EXTRA, FIELDS, IN_ORDER, URGENT, consent, in_order, objection
from tests.sharing.tables import ALL, HEARS_NO_OBJECTION, WITHOUT_CONSENT, Case, has, holds

# who said yes, birth date, day, given on, until: whether the field opens
CONSENTS = [
    ("parent", "2010-11-25", "2026-11-24", "2025-01-01", None, True),  # the day before 16
    ("parent", "2010-11-24", "2026-11-24", "2025-01-01", None, False),  # the 16th birthday
    ("young_person", "2010-11-25", "2026-11-24", "2025-01-01", None, False),  # not yet theirs
    ("young_person", "2010-11-24", "2026-11-24", "2026-11-23", None, False),  # given a day early
    ("young_person", "2010-11-24", "2026-11-24", "2026-11-24", None, True),
    ("young_person", "2010-11-24", "2026-11-25", "2026-11-24", "2026-11-26", True),
    ("young_person", "2010-11-24", "2026-11-25", "2026-11-24", "2026-11-25", False),  # withdrawn that day
    ("young_person", "2010-11-24", "2026-11-25", "2026-11-26", None, False),  # not yet begun
    ("young_person", "2008-02-29", "2025-03-01", "2024-02-29", None, True),
    ("young_person", "2008-02-29", "2025-03-01", "2024-02-28", None, False),
    ("young_person", "2012-02-29", "2028-03-01", "2028-02-28", None, False),
]


@pytest.mark.proves("N114", "N116", "N147")
def test_consent_by_the_right_person() -> None:
    def cases() -> Iterable[Case]:
        for slug, field in (("youth-support", "school"), ("careers-adviser", "year_group"), ("charity", "name")):
            for by, born, day, since, until, opens in CONSENTS:
                request = in_order(
                    slug, on=day, child__date_of_birth=born, agreement__from="2000-01-01", agreement__to=None,
                    fields=[field], child__consents=[consent(by, [field], slug, since, until)],
                )  # fmt: skip
                yield (slug, by, born, day, since, until), request, [field] if opens else []

    holds(cases())


def test_a_consent_for_another_recipient_or_field_opens_nothing() -> None:
    others = (
        consent("young_person", EXTRA, "careers-adviser"),
        consent("young_person", ["year_group"], "youth-support"),
    )
    holds((given, in_order("youth-support", fields=["school"], child__consents=[given]), ()) for given in others)


@pytest.mark.proves("N116")
def test_of_several_consents_the_one_that_counts_opens_whichever_was_written_first() -> None:
    born, since = "2010-11-24", DAY  # 16 today
    counts = consent("young_person", ["school"], "youth-support", since)
    others = [consent("parent", ["school"], "youth-support"), consent("young_person", ["school"], "youth-support")]
    holds(
        (given, in_order("youth-support", fields=["school"], child__date_of_birth=born, child__consents=given), goes)
        for other in others
        for given, goes in (([other, counts], ["school"]), ([counts, other], ["school"]), ([other], []))
    )


def test_objections() -> None:
    def cases() -> Iterable[Case]:
        for slug in IN_ORDER:
            given = [consent("young_person", FIELDS, slug)]
            for whom in (slug, None, "unheard-of"):
                for what in (FIELDS, None, ["unheard-of"], []):
                    heard = whom != "unheard-of" and what in (FIELDS, None) and slug not in HEARS_NO_OBJECTION
                    said = [objection("young_person", what, whom)]
                    request = in_order(slug, child__consents=given, child__objections=said)
                    yield (slug, whom, what), request, () if heard else ALL[slug]
                    said = [objection("parent", what, whom)]  # at 17 the choice is not the parent's
                    request = in_order(slug, child__consents=given, child__objections=said)
                    yield ("parent", slug, whom, what), request, ALL[slug]

    holds(cases())


# who said no, birth date, day: whether it counts
OBJECTIONS = [
    ("parent", "2010-11-25", "2026-11-24", True),  # the day before the 16th birthday
    ("young_person", "2010-11-25", "2026-11-24", False),
    ("parent", "2010-11-24", "2026-11-24", False),  # the 16th birthday
    ("young_person", "2010-11-24", "2026-11-24", True),
    ("parent", "2008-02-29", "2024-02-28", True),
    ("young_person", "2008-02-29", "2024-02-29", True),
    ("parent", "2019-06-01", "2026-11-24", True),
    ("young_person", "2019-06-01", "2026-11-24", False),
]


@pytest.mark.proves("N116")
def test_an_objection_by_the_right_person() -> None:
    holds(
        (
            (by, born, day),
            in_order(
                "school", on=day, child__date_of_birth=born, child__objections=[objection(by, since="2020-01-01")]
            ),
            has("school", not counts),
        )
        for by, born, day, counts in OBJECTIONS
    )


def test_an_objection_counts_while_in_force() -> None:
    periods = [
        (DAY, None, True),
        ("2026-11-25", None, False),
        ("2026-01-01", DAY, False),
        ("2026-01-01", "2026-11-25", True),
    ]
    holds(
        (
            period,
            in_order("school", child__objections=[objection("young_person", None, None, *period[:2])]),
            has("school", not period[2]),
        )
        for period in periods
    )


def test_without_a_birth_date_every_objection_counts() -> None:
    holds(
        (
            (slug, by),
            in_order(slug, child__date_of_birth=None, child__objections=[objection(by)]),
            has(slug, slug in HEARS_NO_OBJECTION and slug != "youth-justice"),
        )
        for slug in IN_ORDER
        for by in ("parent", "young_person")
    )


@pytest.mark.parametrize("born", [{}, {"child__date_of_birth": None}], ids=["born", "birth date unknown"])
def test_the_answer_says_that_an_officer_decides_on_an_objection_to_a_field_of_the_law(born: dict[str, None]) -> None:
    request = in_order("school", fields=["name"], child__objections=[objection("young_person")], **born)
    [refusal] = gate.decide(request).document()["refused"]
    assert "IG officer" in refusal["reason"]
    assert "IG officer" in refusal["would_change"]


@pytest.mark.proves("N010")
def test_a_protected_address_stays_and_the_rest_goes() -> None:
    def asked(slug: str) -> dict[str, Any]:
        given = [consent("young_person", FIELDS, slug)]
        return in_order(slug, child__confidential_address=True, child__consents=given)

    holds((slug, asked(slug), set(ALL[slug]) - {"address"}) for slug in IN_ORDER)


WORST = {
    "recipient_id": None, "reference": None, "agreement": None, "requester__officer": None, "requester__power": None,
    "child__date_of_birth": None, "child__resident": None, "child__send": None, "child__enrolled_at": [],
    "child__placed_with": [], "child__applied_to": [], "child__linked_councils": [],
    "child__objections": [objection("parent"), objection("young_person")],
}  # fmt: skip


@pytest.mark.proves("N054")
def test_an_emergency_lets_the_core_go_whatever_else_is_missing() -> None:
    safe = ("phone", "secure-mail", "nhs-mail", "sftp", "portal", "s2s")
    hidden = {"child__confidential_address": True, "child__restricted": True}
    plain, protected = [], []
    for slug in IN_ORDER:
        for way in (*CHANNELS, "fax"):
            goes = slug in URGENT and way in safe
            urgent = {"emergency": True, "purpose": "safeguarding", "channel": way, **WORST}
            plain.append(((slug, way), in_order(slug, **urgent), CORE if goes else ()))
            protected.append(
                ((slug, way), in_order(slug, **urgent, **hidden), ("name", "date_of_birth") if goes else ())
            )
    holds(plain)
    holds(protected)
    for answer in gate.decide_many([request for _, request, _ in (*plain, *protected)]):
        assert answer.verdict.approvals_needed == 0


@pytest.mark.proves("N054")
def test_in_an_emergency_no_age_home_or_word_of_anybody_counts() -> None:
    """Each alone, with all else in order: none of them may close what keeps a child from harm."""
    odd: list[dict[str, Any]] = [
        *({"child__date_of_birth": born} for born in ("2026-01-01", "2014-01-01", "2006-11-24", "1990-01-01")),
        {"child__resident": False},
        {"agreement": None},
        {"reference": " "},
        {"requester__officer": None},
        {"requester__power": None},
        {"recipient_id": None},
        {"child__objections": [objection("young_person")]},
        {"child__restricted": True},
    ]
    urgent = {"emergency": True, "purpose": "safeguarding", "channel": "phone"}
    holds(((slug, change), in_order(slug, **urgent, **change), CORE) for slug in URGENT for change in odd)
    consents = {slug: [consent("young_person", FIELDS, slug)] for slug in URGENT}
    holds((slug, in_order(slug, **urgent, child__consents=given), CORE) for slug, given in consents.items())


def test_an_emergency_takes_nothing_away_from_those_it_serves_nor_from_other_purposes() -> None:
    others = [slug for slug in IN_ORDER if slug != "immigration"]
    holds((slug, in_order(slug, emergency=True), WITHOUT_CONSENT[slug]) for slug in others)


@pytest.mark.proves("N144")
def test_in_an_emergency_immigration_goes_by_an_officers_override_alone() -> None:
    request = in_order("immigration", emergency=True, fields=list(CORE))
    assert gate.decide(request | {"emergency": False}).verdict.outcome == "allow"
    verdict = gate.decide(request).verdict
    assert (verdict.outcome, verdict.approvals_needed) == ("refuse", 0)
    assert {row.rule for row in verdict.refused} == {"R18.recipient"}
    assert "officer" in verdict.refused[0].would_change


def test_approvals() -> None:
    given = [consent("young_person", CORE, "charity")]
    for restricted in (False, True):
        requests = [in_order(slug, child__restricted=restricted, child__consents=given) for slug in IN_ORDER]
        for request, answer in zip(requests, gate.decide_many(requests), strict=True):
            base = 1 if request["recipient"] in ("dfe", "ofsted", "immigration") else 0
            assert answer.verdict.approvals_needed == base + restricted, request["recipient"]
        for answer in gate.decide_many([request | {"need": ""} for request in requests]):
            assert answer.verdict.approvals_needed == 0
