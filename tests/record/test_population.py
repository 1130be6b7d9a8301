"""Whom the youth purpose may be used for: who lives in the area, until the 20th birthday, with SEND until the 25th."""

from __future__ import annotations

from datetime import date

import pytest
from tests.intake.made import ctf, pupil

from fairhold import record
from fairhold.dates import clock

SEN = [{"StartDate": "2025-09-01", "SENprovision": "K"}]
NONE = [{"StartDate": "2025-09-01", "SENprovision": "N"}]

# birth date, day, SEND, postcode: whether the purpose may be used for this person
CASES = [
    ("2006-11-25", "2026-11-24", None, "E17 0ZZ", True),  # the day before the 20th birthday
    ("2006-11-24", "2026-11-24", None, "E17 0ZZ", False),
    ("2006-11-23", "2026-11-24", NONE, "E17 0ZZ", False),
    ("2006-11-24", "2026-11-24", SEN, "E17 0ZZ", True),
    ("2001-11-25", "2026-11-24", SEN, "E17 0ZZ", True),  # the day before the 25th
    ("2001-11-24", "2026-11-24", SEN, "E17 0ZZ", False),
    ("2008-02-29", "2028-02-28", None, "E17 0ZZ", True),
    ("2008-02-29", "2028-02-29", None, "E17 0ZZ", False),
    ("2012-02-29", "2027-03-01", None, "RM6 1XA", False),  # lives elsewhere
    ("2012-02-29", "2027-03-01", None, None, False),  # nobody knows where
    ("2012-02-29", "2027-03-01", None, "E17 0ZZ", True),
]


@pytest.mark.proves("N100", "N101")
@pytest.mark.parametrize(("born", "day", "send_", "postcode", "inside"), CASES)
def test_use_stops_on_its_day_for_the_youth_purpose_and_no_other(send, under, born, day, send_, postcode, inside):
    child = pupil(1, DOB=born, Address__PostCode=postcode, **({"SENhistory__SEN": send_} if send_ else {}))
    send(ctf([child], at="2026-11-20T08:00:00"))
    with clock.frozen(date.fromisoformat(day)):
        with under("youth-support") as scope:
            assert bool(record.search(scope, text="surnamea")) is inside
            if inside:
                assert record.child(scope, person=1).person == 1
            else:
                with pytest.raises(record.NoSuchChild):
                    record.child(scope, person=1)
        with under("missing-education") as scope:
            assert record.search(scope, text="surnamea")
            assert record.child(scope, person=1).person == 1


@pytest.mark.proves("N101")
def test_a_move_out_of_the_area_stops_new_use_from_the_recorded_day(send, under):
    send(ctf([pupil(1, DOB="2012-03-01", Address__PostCode="E17 0ZZ")], at="2026-11-06T08:00:00"))
    with clock.frozen(date(2026, 11, 20)), under("youth-support") as scope:
        assert record.search(scope, text="surnamea")
    send(ctf([pupil(1, DOB="2012-03-01", Address__PostCode="RM6 1XA")], at="2026-11-20T08:00:00"))
    with clock.frozen(date(2026, 11, 20)), under("youth-support") as scope:
        assert record.search(scope, text="surnamea") == []
