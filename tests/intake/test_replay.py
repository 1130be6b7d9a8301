"""A row set aside is read again from the bytes that came, after what was wrong has been put right."""

from __future__ import annotations

import pytest
from tests.intake.conftest import OFFICER
from tests.intake.made import ctf, pupil

from fairhold import access, intake
from fairhold.formats import places


@pytest.fixture
def correct_codes(monkeypatch):
    """A newer edition of the code sets knows the code."""

    def correct() -> None:
        known = places.ever
        monkeypatch.setattr(places, "ever", lambda *names: known(*names) | {"PAKI"})

    return correct


def test_what_is_still_wrong_stays_open_and_says_why(send, ask):
    send(ctf([pupil(1), pupil(2, DOB=None)]))
    with access.scope(OFFICER, "data-intake") as scope:
        (row,) = intake.set_aside(scope)
        found = intake.replay(scope, set_aside_id=row["id"])
    assert (found.taken_in, found.reason) == (False, row["reason"])
    assert ask("select state from system.set_aside") == [("open",)]


def test_a_value_goes_in_once_its_code_is_known(send, ask, correct_codes):
    send(ctf([pupil(1, BasicDetails__Ethnicity="PAKI")]))
    correct_codes()
    with access.scope(OFFICER, "data-intake") as scope:
        (row,) = intake.set_aside(scope)
        found = intake.replay(scope, set_aside_id=row["id"])
    assert (found.taken_in, found.added) == (True, 1)
    assert ask("select ethnicity, delivery_id, line > 1 from people.ethnicity") == [("PAKI", row["delivery_id"], True)]
    assert ask("select state, settled_by from system.set_aside") == [("taken-in", OFFICER.id)]


def test_a_replayed_row_does_not_overwrite_a_newer_file(send, ask, correct_codes):
    send(ctf([pupil(1, BasicDetails__Ethnicity="PAKI")], at="2026-11-13T08:00:00"))
    send(ctf([pupil(1, BasicDetails__Ethnicity="WBRI")], at="2026-11-20T08:00:00"))
    correct_codes()
    with access.scope(OFFICER, "data-intake") as scope:
        (row,) = intake.set_aside(scope)
        assert intake.replay(scope, set_aside_id=row["id"]).taken_in
    assert ask("select ethnicity, from_date::text, until_date::text from people.ethnicity order by 2") == [
        ("PAKI", "2026-11-13", "2026-11-20"),
        ("WBRI", "2026-11-20", "infinity"),
    ]


def test_the_rest_of_a_broken_file_cannot_be_replayed(send):
    whole = ctf([pupil(1), pupil(2)])
    send(whole[: whole.rindex(b"<Pupil>") + 30])
    with access.scope(OFFICER, "data-intake") as scope:
        (row,) = intake.set_aside(scope)
        with pytest.raises(access.Refused, match="ask the sender for the whole file"):
            intake.replay(scope, set_aside_id=row["id"])


def test_a_row_is_dismissed_once(send):
    send(ctf([pupil(1), pupil(2, DOB=None)]))
    with access.scope(OFFICER, "data-intake") as scope:
        (row,) = intake.set_aside(scope)
        intake.dismiss(scope, set_aside_id=row["id"])
        assert intake.set_aside(scope) == []
        with pytest.raises(access.Refused, match="settled already"):
            intake.dismiss(scope, set_aside_id=row["id"])
