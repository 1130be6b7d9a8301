"""What left, to whom, why and on which law: the log, the published counts, and a file explained cell by cell."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold import access, governance
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.engine import database
from fairhold.release import LEAST, Side, safe
from fairhold.sharing import counts, disclosures, lineage, log, tracing
from fairhold.sharing.counts import ALL
from fairhold.sharing.disclosures import Disclosure, Kind
from fairhold.sharing.log import Basis, Filter
from fairhold.sharing.shares import ShareError, file_name
from tests.sharing.conftest import TODAY, as_ig, as_youth
from tests.sharing.test_share_flow import NEED, packed, received, send

SOCIAL = access.Actor(14, "Made-up social worker", "social-worker")
LAW, WITH_CONSENT = "Education Act 1996 s507B", "Education and Skills Act 2008 s14"


def as_safeguarding() -> Any:
    return access.scope(SOCIAL, "safeguarding")


def other(**changes: Any) -> Disclosure:
    """A made-up disclosure that is no share, in order as it stands."""
    told: dict[str, Any] = {
        "kind": Kind.EMERGENCY,
        "source": "emergency 1",
        "recipient": "police",
        "purpose": "safeguarding",
        "need": "A made-up worry about harm.",
        "basis": ("LB33",),
        "items": ("Name", "Address"),
        "care": False,
        "way": "protect",
        "reason": "safety",
    }
    return Disclosure(**(told | changes))


@pytest.fixture
def sent(registered: int, partner: MadeUpPartner) -> int:
    """A list of five children that arrived."""
    share = packed(registered)
    assert send(share)["arrived"]
    return share


def test_the_log_of_a_child_says_who_received_what_why_on_which_law_and_for_how_long(
    sent: int, borough: dict[str, int]
) -> None:
    with as_ig() as scope:
        [own] = log.of_child(scope, person=borough["own consent"])
        [core] = log.of_child(scope, person=borough["thirteen"])
        assert log.of_child(scope, person=borough["too young"]) == []
        assert log.of_child(scope, person=borough["objects"]) == []
    assert (own.title, own.name, own.recipient, own.arrived) == (
        f"Share {sent}", "Made-up youth service", "youth-support", TODAY,
    )  # fmt: skip
    assert own.why == f"To give a child or family the right service. {NEED}"
    assert own.keeps == "until 25 (made up)"
    assert own.items == ("Name", "Address", "Date of birth", "School", "Year group")
    assert own.basis == (Basis("law", LAW), Basis("consent", WITH_CONSENT))
    assert [one.words for one in own.basis] == [LAW, f"Consent ({WITH_CONSENT})"]
    assert core.items == ("Name", "Address", "Date of birth")
    assert core.basis == (Basis("law", LAW),)


def test_the_whole_log_unites_shares_with_what_left_otherwise_and_can_be_narrowed(
    sent: int, borough: dict[str, int]
) -> None:
    with as_safeguarding() as scope:
        first = disclosures.record(scope, disclosure=other(), children=[(borough["thirteen"], 0)])
        again = disclosures.record(
            scope, disclosure=other(arrived=TODAY, reference="CAD 1"), children=[(borough["thirteen"], 0)]
        )
        assert first == again
        [urgent] = log.of_child(scope, person=borough["thirteen"])  # a list of youth support is none of its shares
    assert (urgent.kind, urgent.reference, urgent.arrived, urgent.children) == ("emergency", "CAD 1", TODAY, 1)
    assert urgent.basis[0].way == "protect"
    with as_ig() as scope:
        assert {one.kind for one in log.of_child(scope, person=borough["thirteen"])} == {"emergency", "share"}
        assert {(one.kind, one.children) for one in log.log(scope)} == {("emergency", 1), ("share", 5)}
        for wanted, kinds in (
            (Filter(recipient="police"), ["emergency"]),
            (Filter(basis=LAW), ["share"]),
            (Filter(since=date(2026, 11, 25)), []),
            (Filter(since=TODAY, until=TODAY), ["emergency", "share"]),
        ):
            assert sorted(one.kind for one in log.log(scope, wanted=wanted)) == kinds, wanted


@pytest.mark.proves("N012", "N054")
def test_who_may_not_know_that_social_care_knows_a_child_does_not_read_it_off_the_log(borough: dict[str, int]) -> None:
    child = borough["thirteen"]
    of_care = other(kind=Kind.RETURN, source="return 1", recipient="dfe", way="law", reason=None, care=True)
    with as_safeguarding() as scope:
        disclosures.record(scope, disclosure=of_care, children=[(child, 0)])
        disclosures.record(scope, disclosure=other(source="emergency 9"), children=[(child, 2)])
        assert len(log.of_child(scope, person=child)) == 2
    for enter in (as_youth, as_ig):
        with enter() as scope:
            assert log.of_child(scope, person=child) == []


@pytest.mark.proves("N148")
def test_nothing_is_put_down_without_a_law_a_reason_of_the_list_and_words(borough: dict[str, int]) -> None:
    for changes, why in (
        ({"basis": ()}, "without a law"),
        ({"basis": ("LB99",)}, "without a law"),
        ({"reason": "curiosity"}, "The reason is one of"),
        ({"need": " "}, "Say why"),
        ({"items": ()}, "which data"),
        ({"recipient": "somebody"}, "not on the list"),
    ):
        with as_safeguarding() as scope, pytest.raises(ShareError, match=why):
            disclosures.record(scope, disclosure=other(**changes), children=[(borough["thirteen"], 0)])
    with database.connect("owner") as owner:
        assert owner.execute("select count(*) from system.disclosure").fetchone() == (0,)


@pytest.mark.proves("N148", "N080")
def test_no_field_is_allowed_without_the_law_behind_it(sent: int) -> None:
    with database.connect("owner") as owner:
        asked = "select count(*), count(way), count(law) from system.share_decision where allowed"
        allowed, *based = owner.execute(asked).fetchone() or ()
        assert allowed
        assert based == [allowed, allowed]
        with pytest.raises(psycopg.errors.CheckViolation, match="share_decision_has_a_basis"):
            owner.execute("update system.share_decision set law = null where allowed")


@pytest.mark.proves("N148")
def test_counts_are_published_by_recipient_reason_and_basis_with_the_part_that_kept_from_harm(
    sent: int, borough: dict[str, int]
) -> None:
    with as_safeguarding() as scope:
        for number in range(2):
            told = other(source=f"emergency {number}")
            disclosures.record(scope, disclosure=told, children=[(subject, 0) for subject in range(1000, 1020)])
        schools = other(source="emergency 7", recipient="school", reason="right-service", way="law", basis=("LB22",))
        disclosures.record(scope, disclosure=schools, children=[(subject, 0) for subject in range(2000, 2015)])
    with as_ig() as scope:
        made = counts.publish(scope)
        assert made.without_basis == 0
        assert counts.publish(scope).changed == 0
        [quarter], day, bare = counts.counts(scope)
    assert (day, bare, quarter.label, quarter.total) == (TODAY, 0, "October to December 2026", 60)
    shown = {(one.recipient, one.protects, one.basis.partition(":")[0]): one.number for one in quarter.figures}
    assert shown[("police", True, "protect")] == 40
    assert [number for (kind, *_), number in shown.items() if kind == "youth-support"] == [None, None]
    assert shown[("school", False, next(basis for kind, _, basis in shown if kind == "school"))] is None
    assert quarter.protecting == 67  # 40 of 60; all of it from figures that are shown
    with access.scope(access.Actor(15, "Made-up leader", "leadership"), "performance") as scope:
        assert counts.counts(scope)[0] == [quarter]
        with pytest.raises(access.Refused):
            scope.rows("select things from system.disclosure_count")


KEYS = st.tuples(st.sampled_from(["police", "school"]), st.sampled_from(["safety", ""]), st.sampled_from(["a", "b"]))


@pytest.mark.proves("N148")
@given(st.dictionaries(KEYS, st.integers(1, 40), min_size=1), st.dictionaries(KEYS, st.integers(0, 9)))
def test_no_published_count_is_small_nor_can_one_be_subtracted_nor_told_from_two_publications(
    first: dict[Any, int], added: dict[Any, int]
) -> None:
    def quarter(numbers: dict[Any, int]) -> dict[Any, Side]:
        sides = {key: Side(number, number) for key, number in numbers.items()}
        return sides | {ALL: Side(sum(numbers.values()), sum(numbers.values()))}

    one = counts.shown(quarter(first), {})
    hidden = [key for key, (_, number) in one.items() if number is None and key != ALL]
    assert all(number is None or number == safe(side.things) for side, number in one.values())
    assert all(key in hidden for key, (side, _) in one.items() if side.children < LEAST and key != ALL)
    if hidden and one[ALL][1] is not None:
        assert len(hidden) > 1 or len(first) == 1
        assert sum(first[key] for key in hidden) >= LEAST
    later = quarter({key: first.get(key, 0) + added.get(key, 0) for key in first | added if first.get(key)})
    two = counts.shown(later, {key: side for key, (side, _) in one.items()})
    for key, (side, number) in two.items():
        assert side == one[key][0] or abs(side.children - one[key][0].children) >= LEAST, (key, number)


@pytest.mark.proves("N080")
def test_every_cell_of_a_file_that_left_is_explained_by_decision_law_or_consent_and_source(
    sent: int, partner: MadeUpPartner, borough: dict[str, int], tmp_path: Path
) -> None:
    rows = received(partner, sent).rows
    with as_ig() as scope:
        opened = tracing.trace_file(scope, data=rows)
        cells = list(tracing.cells(scope, opened))
        package = tracing.trace_file(scope, data=(partner.inbox / file_name(sent)).read_bytes())
        with pytest.raises(ShareError, match="not one that we sent"):
            tracing.trace_file(scope, data=rows + b"x")
    assert (opened.share, opened.cells, opened.unexplained, opened.values_read) == (sent, 25, 0, True)
    assert (package.share, package.cells, package.unexplained, package.values_read) == (sent, 25, 0, False)
    assert len(cells) == 25
    by_field = {one.field: one for one in opened.fields}
    assert (by_field["name"].by_law, by_field["address"].by_law, by_field["address"].refused) == (5, 4, 1)
    assert (by_field["school"].by_consent, by_field["school"].refused) == (2, 3)
    consented = [cell for cell in cells if cell.way == "consent"]
    assert {cell.by for cell in consented} == {"parent", "young_person"}
    assert {(cell.law, cell.since) for cell in consented} == {(WITH_CONSENT, date(2026, 1, 1))}
    for cell in cells:
        assert cell.rule or (cell.law and cell.source == "Made-up School" and cell.delivery and cell.source_line)


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ("delete from system.share_decision where field = 'name'", "nothing was decided"),
        ("update system.share_cell set delivery_id = null where field = 'name'", "no source was kept"),
        ("update system.share_cell set choice_id = null", "no consent was kept"),
        (
            "update system.share_decision set allowed = false, rule = 'R', way = null, law = null where field = 'name'",
            "it was refused",
        ),
    ],
)
def test_a_cell_that_nothing_explains_is_said(sent: int, partner: MadeUpPartner, broken: str, fault: str) -> None:
    with database.connect("owner") as owner:
        owner.execute(broken)
    with as_ig() as scope:
        found = tracing.trace_file(scope, data=received(partner, sent).rows)
        told = {cell.fault for cell in tracing.cells(scope, found)}
    assert found.unexplained
    assert told == {None, fault}


def test_every_field_that_a_row_of_policy_opens_has_its_place_in_the_record_or_is_held_by_none() -> None:
    opened = {name for row in governance.rows("policy_opens") for name in row["fields"].split()}
    assert opened - lineage.TABLES.keys() == {"planned_destination"}


def test_a_hash_is_all_that_the_ledger_keeps_of_a_traced_file(sent: int, partner: MadeUpPartner) -> None:
    from fairhold import ledger

    rows = received(partner, sent).rows
    with as_ig() as scope:
        tracing.trace_file(scope, data=rows)
    [event, *_] = ledger.newest(limit=1)
    assert event.kind == "disclosures.trace-file"
    assert event.detail == {
        "share": sent, "sha256": hashlib.sha256(rows).hexdigest(), "cells": 25, "unexplained": 0,
    }  # fmt: skip
