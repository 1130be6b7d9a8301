"""What went to whom about a child, and asking a recipient to take rows back."""

from __future__ import annotations

import json

import pytest

from fairhold import choices, work
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.engine import database
from fairhold.sharing import keys, recalls, withdrawn
from fairhold.sharing.shares import ShareError
from tests.sharing.conftest import as_ig, as_youth
from tests.sharing.test_share_flow import packed, received, send


@pytest.mark.proves("N118")
def test_a_notice_names_rows_and_no_child_and_its_answer_is_kept(
    registered: int, partner: MadeUpPartner, borough: dict[str, int]
) -> None:
    share = packed(registered)
    send(share)
    with as_youth() as scope:
        made = recalls.recall(
            scope, share=share, action="delete", reason="Consent withdrawn (made up).", person=borough["own consent"]
        )
    assert made.arrived_at is not None
    sealed = (partner.inbox / f"fairhold-recall-{made.id:06d}.json.age").read_bytes()
    told = json.loads(keys.decrypt(sealed, partner.identity))
    assert keys.signed(told["notice"].encode(), bytes.fromhex(told["signature"]), keys.ours().signing)
    notice = json.loads(told["notice"])
    assert (notice["action"], notice["file"]) == ("delete", f"fairhold-share-{share:06d}.zip.age")
    [line] = notice["rows"]
    row = received(partner, share).rows.decode().splitlines()[line]  # line 0 is the heading
    assert "2009-05-05" in row
    assert "Surname" not in told["notice"]
    with as_ig() as scope:
        assert recalls.acknowledge(scope, recall=made.id).acknowledged_at is not None


def test_a_notice_that_did_not_arrive_is_sent_again(
    registered: int, partner: MadeUpPartner, monkeypatch: pytest.MonkeyPatch
) -> None:
    share = packed(registered)
    send(share)
    with monkeypatch.context() as patch:
        patch.setattr(recalls.sftp, "deliver", down)
        with as_youth() as scope:
            made = recalls.recall(scope, share=share, action="correct", reason="A date was wrong (made up).")
    assert made.arrived_at is None
    assert made.lines == (1, 2, 3, 4, 5)
    with as_youth() as scope:
        assert recalls.resend(scope, recall=made.id).arrived_at is not None


def down(*_: object) -> str:
    raise recalls.sftp.TransferError("The recipient's server cannot be reached.")


@pytest.mark.proves("N080")
def test_a_trace_tells_each_field_of_a_child_and_the_row_it_left_on(registered: int, borough: dict[str, int]) -> None:
    share = packed(registered)
    send(share)
    with as_ig() as scope:
        told = {row.field: row for row in recalls.trace(scope, persons=[borough["protected"]])}
        nothing = recalls.trace(scope, persons=[borough["objects"]])
    assert told["name"].allowed
    assert told["name"].arrived_at is not None
    assert told["name"].line is not None
    assert told["address"].rule == "R15.address"
    assert told["address"].reason
    assert {row.line for row in nothing} == {None}
    assert not any(row.allowed for row in nothing)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"action": "forget"}, "delete or correct"),
        ({"reason": " "}, "and why"),
        ({"person": 0}, "No row"),
        ({"share": 9}, "no such"),
    ],
)
def test_a_notice_that_is_not_whole_gets_its_sentence(registered: int, changes: dict[str, object], says: str) -> None:
    share = packed(registered)
    send(share)
    asked = {"share": share, "action": "delete", "reason": "Made up.", **changes}
    with as_youth() as scope, pytest.raises(ShareError, match=says):
        recalls.recall(scope, **asked)  # type: ignore[arg-type]


def test_what_has_not_left_cannot_be_taken_back(registered: int) -> None:
    share = packed(registered)
    with as_youth() as scope, pytest.raises(ShareError, match="has not left"):
        recalls.recall(scope, share=share, action="delete", reason="Made up.")


@pytest.mark.proves("N118")
def test_a_consent_withdrawn_after_sending_is_to_be_told_to_the_recipient_once(
    registered: int, borough: dict[str, int]
) -> None:
    share = packed(registered)
    send(share)
    with as_youth() as scope:
        assert withdrawn.notices_due(scope) == []
        [mine] = choices.of_subjects(scope, subjects=[borough["own consent"]])
        choices.withdraw(scope, choice=mine.id)
        [due] = withdrawn.notices_due(scope)
        assert (due.person, due.fields, due.rule) == (borough["own consent"], ("school", "year_group"), "R13.young")
        assert [item.title for item in work.items(scope) if item.kind == "share.notice"]
        recalls.recall(scope, share=share, action="correct", reason="Consent withdrawn.", person=due.person)
        assert withdrawn.notices_due(scope) == []
        assert not [item for item in work.items(scope) if item.kind == "share.notice"]


@pytest.mark.proves("N080", "N118")
def test_what_was_shared_is_found_and_taken_back_under_a_record_that_was_joined_later(
    registered: int, borough: dict[str, int]
) -> None:
    share = packed(registered)
    send(share)
    shared, joined = borough["own consent"], borough["too young"]  # the list names the one; the person is the other
    with as_ig() as scope:
        assert recalls.trace(scope, persons=[joined]) == []
        before = recalls.trace(scope, persons=[shared])
    with database.connect("owner") as owner:
        for subject in (shared, joined):
            owner.execute("insert into people.membership values (%s, %s)", (subject, joined))
    with as_ig() as scope:
        assert recalls.trace(scope, persons=[joined]) == before != []
    with as_youth() as scope:
        made = recalls.recall(scope, share=share, action="correct", reason="A date was wrong (made up).", person=joined)
    assert list(made.lines) == [row.line for row in before if row.line][:1]
