"""Two evaluators that do not know each other, and what happens when they disagree."""

from __future__ import annotations

import ast
from importlib import resources
from pathlib import Path

import cedarpy
import pytest

from fairhold.sharing import cedar, gate, second
from fairhold.sharing.domain import Hold
from tests.sharing.made_up import CORE, in_order


def imported(module: str) -> set[str]:
    tree = ast.parse((resources.files("fairhold.sharing") / f"{module}.py").read_text("utf-8"))
    names = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    return {name for name in names if name.startswith("fairhold.sharing")}


def test_neither_imports_the_other_and_the_second_shares_only_the_shape_of_a_request() -> None:
    assert imported("second") == {"fairhold.sharing.domain"}
    assert "fairhold.sharing.second" not in imported("cedar") | imported("facts") | imported("tables")


@pytest.mark.proves("N080")
def test_files_leave_by_one_function_alone_and_only_two_rooms_call_it() -> None:
    """The one for packages asks for the kept decisions, the other for rows of a package that has left."""
    source = Path(str(resources.files("fairhold")))
    callers = {
        str(file.relative_to(source))
        for file in source.rglob("*.py")
        if "sftp.deliver" in (text := file.read_text("utf-8")) or "start_sftp_client" in text
    }
    assert callers == {"sharing/sftp.py", "sharing/sending.py", "sharing/recalls.py"}


@pytest.mark.proves("N080", "N090")
def test_whoever_has_a_store_asks_the_gate_by_one_function_alone() -> None:
    """The pure command and the spool of an emergency have no store; all others decide by the rows that count in it."""
    source = Path(str(resources.files("fairhold")))
    callers = {
        str(file.relative_to(source)) for file in source.rglob("*.py") if "gate.decide" in file.read_text("utf-8")
    }
    assert callers - NO_STORE == {"sharing/ruling.py"}


NO_STORE = {"cli/decide.py", "sharing/emergency/judging.py"}


def test_the_policies_fit_their_schema() -> None:
    folder = resources.files("fairhold.sharing")
    policies = (folder / "policies.cedar").read_text("utf-8")
    schema = (folder / "policies.cedarschema").read_text("utf-8")
    result = cedarpy.validate_policies(policies, schema)
    assert result.validation_passed, [str(error) for error in result.errors]


@pytest.mark.proves("N090")
def test_a_disagreement_refuses_the_cell_and_raises_an_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(second, "evaluate", lambda requests, *_: [frozenset({0, 3})] * len(requests))
    answer = gate.decide(in_order("youth-support", fields=[*CORE, "upn"]))
    assert answer.verdict.allowed == ("name",)
    told = {row.field: row.rule for row in answer.verdict.refused}
    assert told == {"address": "R00.disagree", "date_of_birth": "R00.disagree", "upn": "R00.disagree"}
    assert answer.verdict.alarms == ("address", "date_of_birth", "upn")


def test_cedar_refuses_what_no_policy_permits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cedar, "_policies", lambda: cedarpy.PolicySet.from_str(""))
    monkeypatch.setattr(second, "evaluate", lambda requests, *_: [frozenset()] * len(requests))
    answer = gate.decide(in_order("school", fields=["name"]))
    assert [row.rule for row in answer.verdict.refused] == ["R00.default"]


# Turned off one at a time, each policy must be missed by the tables; the second evaluator sees it on its own.
def without(policy: str) -> str:
    text = (resources.files("fairhold.sharing") / "policies.cedar").read_text("utf-8")
    before, found, after = text.partition(f'@id("{policy}")')
    assert found
    return before + after.partition(";\n")[2]


BACKED_BY_NO_PERMIT = {"R03.recipient", "R03.purpose", "R17.unknown", "R17.never", "R11.field"}
BACKED_BY_NO_PERMIT |= {"R18.field", "R12.field", "R13.consent"}  # only say why; the permits do not open these
BACKED_BY_NO_PERMIT |= {"N083.early", "N083.ended"}
BY_HOLD = {"N083.shipped", "N084.review", "N084.terms", "N033.origin", "N133.evidence"}  # the next test but one


@pytest.mark.proves("N081")
@pytest.mark.parametrize(
    ("policy", "request_"),
    [
        ("R19.need", in_order("school", need=" ")),
        ("R16.purpose", in_order("school", purpose="inspection")),
        ("R17.channel", in_order("school", channel="sftp")),
        ("R18.recipient", in_order("immigration", emergency=True)),
        ("R18.channel", in_order("police", emergency=True, purpose="safeguarding", channel="collect")),
        ("R08.agreement", in_order("research", agreement=None)),
        ("R10.reference", in_order("dfe", reference=None)),
        ("R10.officer", in_order("police", requester__officer=None)),
        ("R10.power", in_order("police", requester__power=None)),
        ("R09.link", in_order("school", recipient_id=None)),
        ("R06.birth", in_order("youth-justice", child__date_of_birth=None)),
        ("R07.young", in_order("youth-support", child__date_of_birth="2020-01-01")),
        ("R07.old", in_order("youth-support", child__date_of_birth="2000-01-01")),
        ("R08.residence", in_order("youth-support", child__resident=None)),
        ("R15.address", in_order("school", child__confidential_address=True)),
        (
            "R15.urgent",
            in_order("police", emergency=True, purpose="safeguarding", child__confidential_address=True),
        ),
        (
            "R14.objection",
            in_order(
                "school",
                child__objections=[
                    {"by": "young_person", "fields": None, "recipient": None, "from": "2020-01-01", "to": None}
                ],
            ),
        ),
    ],
)
def test_the_second_evaluator_catches_the_loss_of_any_policy(
    policy: str, request_: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not gate.decide(request_).verdict.alarms
    weakened = cedarpy.PolicySet.from_str(without(policy))
    monkeypatch.setattr(cedar, "_policies", lambda: weakened)
    if policy == "R06.birth":  # an unknown age has reached no birthday, so the lower bound refuses too
        assert gate.decide(request_).verdict.outcome == "refuse"
        return
    assert gate.decide(request_).verdict.alarms


def test_every_policy_is_lost_once_in_that_table_or_only_says_why() -> None:
    text = (resources.files("fairhold.sharing") / "policies.cedar").read_text("utf-8")
    ids = {line.split('"')[1] for line in text.splitlines() if line.startswith(('@id("R', '@id("N'))}
    [mark] = [
        mark
        for mark in test_the_second_evaluator_catches_the_loss_of_any_policy.pytestmark
        if mark.name == "parametrize"
    ]
    assert {policy for policy, _ in mark.args[1]} | BACKED_BY_NO_PERMIT | BY_HOLD == ids


@pytest.mark.proves("N033")
@pytest.mark.parametrize("policy", sorted(BY_HOLD))
def test_what_the_store_holds_stops_the_field_in_both_and_never_an_emergency(
    policy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = Hold(policy.partition(".")[2])
    asked = in_order("school", fields=["name", "upn"])
    urgent = in_order("school", fields=["name"], emergency=True, purpose="safeguarding")
    assert gate.decide(asked).verdict.allowed == ("name", "upn")
    verdict = gate.decide(asked, holds=frozenset({("upn", hold)})).verdict
    assert (verdict.allowed, [(one.field, one.rule) for one in verdict.refused]) == (("name",), [("upn", policy)])
    assert {one.rule for one in gate.decide(asked, holds=frozenset({(None, hold)})).verdict.refused} == {policy}
    assert gate.decide(urgent, holds=frozenset({(None, hold)})).verdict.allowed == ("name",)
    weakened = cedarpy.PolicySet.from_str(without(policy))
    monkeypatch.setattr(cedar, "_policies", lambda: weakened)
    assert gate.decide(asked, holds=frozenset({("upn", hold)})).verdict.alarms == ("upn",)
