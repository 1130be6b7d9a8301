"""What a store adds to a request: the council's own rows, agreements, proofs, and the word of whoever gave the data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairhold import access, intake, policy
from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.intake import NewSource
from fairhold.sharing import agreements, conditions, deciding, flows, gate, parties, proposing, ruling
from fairhold.sharing.agreements import Terms
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import ShareError
from tests.sharing.conftest import SECOND_IG, TODAY, as_ig, as_youth
from tests.sharing.made_up import CORE, EXTRA, in_order

NEXT = date(2027, 3, 1)


def rules(scope: Scope, request: dict[str, Any]) -> set[str]:
    """The rules that refuse a request in this store."""
    [answer] = ruling.decide(scope, [request])
    assert not answer.verdict.alarms
    return {one.rule for one in answer.verdict.refused}


@pytest.mark.proves("N083", "N090")
def test_an_officers_row_decides_in_both_evaluators_from_its_day_and_never_in_the_pure_command(clean: Path) -> None:
    young = in_order("youth-support", child__date_of_birth="2013-06-01", fields=list(CORE), agreement__to=None)
    before, after = young | {"on": "2027-02-28"}, young | {"on": "2027-03-01"}
    with clock.frozen(TODAY), as_ig() as scope:
        told = {"reason": "Made-up advice", "begins": NEXT, "until": None}
        policy.change(scope, file="policy_recipients", key="youth-support", cells={"age_from": "14"}, **told)
        assert (rules(scope, before), rules(scope, after)) == (set(), {"R07.young"})
        assert gate.decide(after).verdict.outcome == "allow"
        policy.change(scope, file="lawful_bases", key="LB28", cells={"commenced": "no"}, **told)
        policy.change(scope, file="policy_opens", key="police law", cells={"gateway": "LB28"}, **told)
        assert rules(scope, in_order("police", fields=["name"], on="2027-03-01")) == {"N083.ended"}
        assert rules(scope, in_order("police", fields=["name"])) == set()


@pytest.mark.proves("N083")
def test_in_a_real_store_what_no_officer_confirmed_lets_nothing_go_but_keeps_a_child_from_harm(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(policy, "unconfirmed", _unconfirmed)
    asked = in_order("school", fields=["name", "upn"])
    with clock.frozen(TODAY), as_ig() as scope:
        assert rules(scope, asked) == {"N083.shipped"}
        assert rules(scope, in_order("school", emergency=True, purpose="safeguarding", fields=["name"])) == set()
        for file, row in (
            ("policy_recipients", "school"), ("policy_purposes", "education-provision always"),
            ("policy_channels", "s2s"), ("policy_opens", "school law"), ("policy_fields", "name"),
            ("lawful_bases", "LB22"),
        ):  # fmt: skip
            assert rules(scope, asked) == {"N083.shipped"}
            policy.confirm(scope, file=file, row=row, note="Made-up advice")
        [answer] = ruling.decide(scope, [asked])
        assert answer.verdict.allowed == ("name",)


def _unconfirmed(scope: Scope) -> frozenset[tuple[str, str]]:
    """As in a store that is no demo."""
    from fairhold import governance
    from fairhold.policy import books

    every = {(file, books.digest(row)) for file, rows in governance.shipped().rows.items() for row in rows}
    return frozenset(every) - books.confirmed(scope)


@pytest.mark.proves("N133")
def test_a_proof_that_has_run_out_stops_the_ways_it_is_for_until_there_is_a_new_one(clean: Path) -> None:
    asked = in_order("school", fields=["name"])
    with clock.frozen(TODAY), as_ig() as scope:
        proof = {"evidence": "cyber-essentials", "reference": "Made-up 1"}
        assert rules(scope, asked) == set()
        conditions.add_evidence(scope, **proof, from_date=date(2025, 11, 25), to_date=date(2026, 11, 25))
        assert rules(scope, asked) == set()
        assert rules(scope, asked | {"on": "2026-11-25"}) == {"N133.evidence"}
        conditions.add_evidence(scope, **proof, from_date=date(2026, 11, 25), to_date=date(2027, 11, 25))
        assert rules(scope, asked | {"on": "2026-11-25"}) == set()
        with pytest.raises(ShareError, match="The proof is one of"):
            conditions.add_evidence(scope, **proof | {"evidence": "word"}, from_date=TODAY, to_date=NEXT)
    with database.connect("owner") as owner:  # in a real store one that was never there is missed too
        owner.execute("delete from system.share_evidence")
    with clock.frozen(TODAY), as_ig() as scope:
        original = Scope.value
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                Scope, "value", lambda self, query, params=None: "demo" not in query and original(self, query, params)
            )
            assert "s2s" in conditions.lapsed(scope, on=TODAY)
            assert "phone" not in conditions.lapsed(scope, on=TODAY)


def decided(scope: Scope, number: int) -> dict[str, str | None]:
    """For the child whose parent consents: each field of the list with the rule that refuses it."""
    partner = parties.find_partner(scope, number)
    agreement = agreements.agreements(scope, number)[0]
    flow = flows.find(scope, "youth-list")
    asked = deciding.Asked(flow, partner, agreement, (*CORE, *EXTRA), "Made-up need.", "sftp")
    found = deciding.decide(scope, asked)
    [one] = [one for one in found if str(one.person.date_of_birth) == "2011-03-03"]
    refused = {row.field: row.rule for row in one.answer.verdict.refused}
    return {name: refused.get(name) for name in [*CORE, *EXTRA]}


@pytest.mark.proves("N084")
def test_an_agreement_narrows_what_leaves_and_lapses_when_nobody_looked_at_it_again(registered: int) -> None:
    with clock.frozen(TODAY):
        with as_ig() as scope:
            terms = Terms(
                fields=(*CORE, "school"), basis=("LB23", "LB24"), cadence="weekly", signatories="A; B (made up)"
            )
            newer = agreements.add_agreement(
                scope, partner=registered, from_date=date(2026, 6, 1), to_date=None, keeps="a year", terms=terms
            )
        with as_youth() as scope:
            kept = agreements.agreements(scope, registered)[0]
            assert (kept.id, kept.terms) == (newer, replace(terms, review_by=date(2027, 6, 1)))
            found = decided(scope, registered)
            assert found == dict.fromkeys((*CORE, "school")) | dict.fromkeys(EXTRA[1:], "N084.terms")
            other = kept.holds(asked=CORE, channel="portal", on=TODAY)
            assert other == frozenset()
            assert replace(kept, terms=Terms(channel="sftp")).holds(asked=CORE, channel="portal", on=TODAY)
        with as_ig() as scope:
            agreements.review(scope, agreement=newer, review_by=date(2026, 11, 25), note="Seen (made up)")
    with clock.frozen(date(2026, 11, 25)):
        with as_youth() as scope:
            assert set(decided(scope, registered).values()) == {"N084.review"}
            with pytest.raises(ShareError, match="allows nothing"):
                proposing.propose(scope, asking=Asking(registered, "Help those who leave.", "right-service"))
        with as_ig(SECOND_IG) as scope:
            agreements.review(scope, agreement=newer, review_by=NEXT, note="Seen again (made up)")
        with as_youth() as scope:
            assert decided(scope, registered)["name"] is None


@pytest.mark.proves("N033")
def test_what_the_dfe_gave_us_goes_on_only_with_its_recorded_word(registered: int) -> None:
    with database.connect("owner") as owner:  # the school's deliveries are the DfE's, say
        owner.execute("update system.source set origin = 'dfe' where kind = 'school'")
    with clock.frozen(TODAY):
        with as_youth() as scope:
            found = decided(scope, registered)
        assert {name for name, rule in found.items() if rule == "N033.origin"} == {*CORE, "school", "year_group"}
        with as_ig() as scope:
            given = {"origin": "dfe", "fields": ["name", "school"], "reference": "Made-up letter of 1 May"}
            period = {"from_date": TODAY, "to_date": date(2026, 12, 1)}
            conditions.permit(scope, recipient="careers-adviser", **given, **period)  # somebody else
            conditions.permit(scope, recipient="youth-support", **given, **period)
        with as_youth() as scope:
            found = decided(scope, registered)
        held = {name for name, rule in found.items() if rule == "N033.origin"}
        assert held == {"address", "date_of_birth", "year_group"}
        assert found["name"] is found["school"] is None
    with clock.frozen(date(2026, 12, 1)), as_youth() as scope:
        assert "N033.origin" in decided(scope, registered).values()


def test_whose_data_a_source_sends_is_one_of_a_closed_list(clean: Path) -> None:
    with access.scope(access.Actor(2, "Made-up administrator", "administrator"), "administration") as scope:
        for origin, added in (("dfe", 1), ("council", 1)):
            made = NewSource("register", f"Made-up {origin}", origin=origin)  # type: ignore[arg-type]
            assert intake.add_sources(scope, sources=[made]) == added
        with pytest.raises(access.Refused, match="one of"):
            intake.add_sources(scope, sources=[NewSource("register", "Made-up", origin="nobody")])  # type: ignore[arg-type]
        assert {row["origin"] for row in intake.list_sources(scope)} == {"dfe", "council"}
