"""A lawful share from proposal to receipt, on a real server with a pinned host key."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from fairhold import ledger, vault, work
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.sharing import keys, package, proposing, queries, sending
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import ShareError, State, file_name
from tests.sharing.conftest import FIRST_IG, SECOND_IG, TODAY, YOUTH, as_ig, as_youth
from tests.sharing.made_up import CORE, EXTRA

NEED = "Help young people stay in learning (made up)."


def asking(partner: int, **changes: Any) -> Asking:
    return Asking(**{"partner": partner, "need": NEED, "reason": "right-service", **changes})


def propose(partner: int, **changes: Any) -> int:
    with as_youth() as scope:
        return proposing.propose(scope, asking=asking(partner, **changes)).id


def approve(share: int) -> None:
    with as_ig() as scope:
        proposing.judge(scope, share=share, approves=True, note="Made-up check of the agreement.")


def packed(partner: int) -> int:
    share = propose(partner)
    approve(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    return share


def send(share: int) -> dict[str, object]:
    with as_youth() as scope:
        return dict(sending.send(scope, share=share))


def received(partner: MadeUpPartner, share: int) -> package.Opened:
    data = (partner.inbox / file_name(share)).read_bytes()
    return package.opened(data, partner.identity, keys.ours().signing, on=TODAY)


@pytest.mark.proves("N080", "N081", "N113", "N114", "N116", "N117")
def test_the_file_that_arrives_holds_what_was_decided_and_nothing_else(
    registered: int, partner: MadeUpPartner, borough: dict[str, int]
) -> None:
    share = packed(registered)
    attempt = send(share)
    assert attempt["arrived"], attempt
    got = received(partner, share)
    header, *rows = csv.reader(io.StringIO(got.rows.decode(), newline=""))
    assert header == ["name", "address", "date_of_birth", "school", "year_group"]
    by_birth = {row[2]: row for row in rows}
    assert set(by_birth) == {"2013-11-24", "2011-03-03", "2010-11-24", "2009-05-05", "2010-01-06"}
    for born in ("2013-11-24", "2010-11-24"):  # no consent, and a parent's that lapsed at 16: the three fields only
        assert [bool(text) for text in by_birth[born]] == [True, True, True, False, False], born
    for born in ("2011-03-03", "2009-05-05"):
        assert by_birth[born][3:] == ["Made-up", "7"]
    assert by_birth["2010-01-06"][1] == ""  # a protected address stays
    assert "Nowhere Road" in by_birth["2013-11-24"][1]
    assert got.rows.decode().count("Nowhere Road") == 4
    for canary in (b"UPN", b"Sex", b"2013-11-25", b"2009-07-07"):
        assert canary not in got.rows


def test_the_manifest_names_the_decision_the_rows_and_the_marking(registered: int, partner: MadeUpPartner) -> None:
    share = packed(registered)
    send(share)
    manifest = received(partner, share).manifest
    assert manifest["decision"] == share
    assert manifest["rows"] == 5
    assert manifest["marking"] == "OFFICIAL-SENSITIVE"
    assert manifest["fields"] == ["name", "address", "date_of_birth", "school", "year_group"]
    assert manifest["expires"] == "2026-12-25"
    assert manifest["keep"] == "until 25 (made up)"


@pytest.mark.proves("N088")
def test_nobody_approves_their_own_and_one_refusal_ends_it(registered: int) -> None:
    share = propose(registered)
    with as_youth() as scope:
        with pytest.raises(Exception, match="is not open to the purpose"):
            proposing.judge(scope, share=share, approves=True, note="Mine.")
    with as_ig(type(YOUTH)(YOUTH.id, "The same person in another role", "ig-officer")) as scope:
        with pytest.raises(ShareError, match="yourself"):
            proposing.judge(scope, share=share, approves=True, note="Mine.")
        with pytest.raises(Exception, match="nobody approves their own"):
            scope.run("insert into system.share_approval values (%s, %s, true, 'x', now())", (share, YOUTH.id))
    with as_ig() as scope:
        assert proposing.judge(scope, share=share, approves=False, note="Not this month.").state is State.REFUSED
    with as_ig(SECOND_IG) as scope, pytest.raises(ShareError, match="refused already"):
        proposing.judge(scope, share=share, approves=True, note="But I would.")
    with as_youth() as scope, pytest.raises(ShareError, match="only an approved share"):
        sending.pack(scope, share=share)


def test_nothing_is_packed_before_it_is_approved_nor_sent_before_it_is_packed(registered: int) -> None:
    share = propose(registered)
    with as_youth() as scope:
        with pytest.raises(ShareError, match="only an approved share"):
            sending.pack(scope, share=share)
        with pytest.raises(ShareError, match="pack it first"):
            sending.send(scope, share=share)


@pytest.mark.proves("N080")
def test_every_refusal_is_kept_with_its_rule_law_and_sentences(registered: int, borough: dict[str, int]) -> None:
    share = propose(registered)
    with as_ig() as scope:
        found, counts = proposing.shown(scope, share=share)
        told = {
            (row["subject_id"], row["field"]): row["rule"] for row in scope.rows("select * from system.share_decision")
        }
    assert found.children == 6
    assert len(told) == 6 * len([*CORE, *EXTRA])
    assert told[borough["parent's consent at 16"], "school"] == "R13.lapsed"
    assert told[borough["thirteen"], "school"] == "R13.parent"
    assert told[borough["protected"], "address"] == "R15.address"
    assert told[borough["objects"], "name"] == "R14.stopped"
    assert told[borough["own consent"], "school"] is None
    assert all(row.reason and row.law and row.would_change for row in counts if row.rule)
    assert sum(row.count for row in counts) == 6 * len([*CORE, *EXTRA])


@pytest.mark.proves("N114")
def test_a_consent_withdrawn_between_approval_and_packing_stays_behind(
    registered: int, partner: MadeUpPartner, borough: dict[str, int]
) -> None:
    from fairhold import choices

    share = propose(registered)
    approve(share)
    with as_youth() as scope:
        [mine] = choices.of_subjects(scope, subjects=[borough["own consent"]])
        choices.withdraw(scope, choice=mine.id)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    assert send(share)["arrived"]
    rows = list(csv.DictReader(io.StringIO(received(partner, share).rows.decode(), newline="")))
    assert {row["date_of_birth"]: row["school"] for row in rows}["2009-05-05"] == ""
    with as_youth() as scope:
        assert "school" not in queries.allowed(scope, share)[borough["own consent"]]


def test_what_was_approved_too_long_ago_is_proposed_again(registered: int) -> None:
    from datetime import timedelta

    from fairhold.dates import clock

    share = propose(registered)
    approve(share)
    with clock.frozen(TODAY + timedelta(days=28)), as_youth() as scope, pytest.raises(ShareError, match="too long ago"):
        sending.pack(scope, share=share)


@pytest.mark.proves("N082")
def test_the_vault_keeps_the_package_with_class_and_due_date_and_the_receipt_its_hash(registered: int) -> None:
    share = packed(registered)
    assert send(share)["arrived"]
    with access_retention() as scope:
        [file] = [file for file in vault.listed(scope) if file.kind == "share"]
    assert (file.klass, str(file.due)) == ("protected contact", "2027-02-22")
    with as_youth() as scope:
        found = queries.share(scope, share)
        assert found.state is State.SENT
        assert found.sha256 == file.sha256


def access_retention():  # type: ignore[no-untyped-def]
    from fairhold import access

    return access.scope(FIRST_IG, "retention")


@pytest.mark.proves("N080")
def test_the_ledger_knows_before_the_file_leaves_and_after(registered: int) -> None:
    share = packed(registered)
    send(share)
    kinds = [event.kind for event in ledger.newest(limit=40)]
    for kind in ("shares.propose", "shares.judge", "shares.pack", "shares.leaving", "shares.send"):
        assert kind in kinds
    assert kinds.index("shares.send") < kinds.index("shares.leaving") < kinds.index("shares.pack")


def test_each_step_is_on_somebodys_list_and_off_it_when_done(registered: int) -> None:
    def lists() -> tuple[list[str], list[str]]:
        with as_ig() as scope:
            judging = [item.title for item in work.items(scope) if item.room == "sharing"]
        with as_youth() as scope:
            return judging, [item.title for item in work.items(scope) if item.room == "sharing"]

    share = propose(registered)
    assert lists() == ([f"Judge share {share} to Made-up youth service: 5 of 6 children"], [])
    approve(share)
    assert lists() == ([], [f"Send share {share} to Made-up youth service: it is approved"])
    with as_youth() as scope:
        sending.pack(scope, share=share)
    send(share)
    assert lists() == ([], [])


@pytest.mark.proves("N084")
def test_a_suspended_agreement_stops_the_proposal_and_the_sending(registered: int) -> None:
    from fairhold.sharing import parties

    share = packed(registered)
    with as_ig() as scope:
        parties.suspend(scope, agreement=1, suspended=True)
    with as_youth() as scope, pytest.raises(ShareError, match="no longer in force"):
        sending.send(scope, share=share)
    with (
        as_youth() as scope,
        pytest.raises(ShareError, match=r"allows nothing of any of 6 children. The agreement is on hold"),
    ):
        proposing.propose(scope, asking=asking(registered))


@pytest.mark.parametrize(("changes", "says"), [
    ({"need": " \u200b"}, "why the recipient needs"),
    ({"fields": []}, "Name the fields"),
    ({"fields": ["name", "name"]}, "each once"),
    ({"partner": 99}, "no such recipient"),
])  # fmt: skip
def test_a_proposal_that_is_not_whole_gets_its_sentence(registered: int, changes: dict[str, Any], says: str) -> None:
    with as_youth() as scope, pytest.raises(ShareError, match=says):
        proposing.propose(scope, asking=asking(**{"partner": registered, **changes}))


def test_a_field_outside_the_closed_list_never_gets_a_column(registered: int, partner: MadeUpPartner) -> None:
    share = propose(registered, fields=["name", "upn", "health_condition"])
    approve(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    send(share)
    assert received(partner, share).rows.startswith(b"name\r\n")
    assert json.dumps(received(partner, share).manifest).count("upn") == 0
