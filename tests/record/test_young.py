"""The young people a list may be about: who is on it on a day, and what the gate is told of each."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.intake.made import OTHER, ctf, pupil, upn
from tests.intake.test_protection import register

from fairhold import record
from fairhold.dates import birthdays
from fairhold.record.candidates import _born_by, attendance_band


@pytest.mark.parametrize(
    ("attended", "possible", "band"),
    [
        (100, 100, "95% and over"),
        (95, 100, "95% and over"),
        (949, 1000, "90% to under 95%"),
        (90, 100, "90% to under 95%"),
        (899, 1000, "50% to under 90%"),
        (50, 100, "50% to under 90%"),
        (499, 1000, "under 50%"),
        (0, 100, "under 50%"),
        (0, 0, None),
        (None, 100, None),
        (10, None, None),
    ],
)
def test_bands_of_attendance(attended, possible, band):
    assert attendance_band(attended, possible) == band


@given(st.dates(date(2020, 1, 1), date(2032, 12, 31)), st.integers(10, 25))
def test_the_last_birth_date_that_has_had_its_birthday(day, years):
    last = _born_by(day, years)
    assert birthdays.birthday(last, years) <= day
    assert birthdays.birthday(date.fromordinal(last.toordinal() + 1), years) > day


def year(attended: int, possible: int) -> list[dict[str, str]]:
    return [
        {
            "Year": "2026",
            "LEA": "320",
            "Estab": "2001",
            "SessionsPossible": str(possible),
            "SessionsAttended": str(attended),
        }
    ]


def young(number: int, **over: object) -> dict[str, object]:
    return pupil(number, **({"DOB": f"2012-03-{number:02d}"} | over))


def test_what_the_gate_is_told(send, under):
    sen = [{"StartDate": "2025-09-01", "SENprovision": "K"}]
    send(ctf([young(1, Attendance__YearData=year(90, 100), SENhistory__SEN=sen)]))
    with under("youth-support") as scope:
        (one,) = record.young_people(scope)
    assert (one.surname, one.forename, one.date_of_birth) == ("SurnameA", "ForenameA", date(2012, 3, 1))
    assert (one.address, one.postcode, one.resident) == ("1, Nowhere Road", "E17 0ZZ", True)
    assert (one.school, one.enrolled_at, one.year_group) == ("Made-up", ("3202001",), "7")
    assert (one.attendance_band, one.send) == ("90% to under 95%", True)
    assert (one.confidential_address, one.restricted, one.planned_destination) == (False, False, None)


def test_the_thirteenth_birthday_is_the_first_day_on_the_list(send, under):
    send(ctf([pupil(1, DOB="2013-11-24"), pupil(2, DOB="2013-11-25")], at="2026-11-20T08:00:00"))
    with under("youth-support") as scope:
        assert [one.surname for one in record.young_people(scope, on=date(2026, 11, 24))] == ["SurnameA"]
        assert len(record.young_people(scope, on=date(2026, 11, 25))) == 2


def test_who_lives_elsewhere_or_nobody_knows_where(send, under):
    send(
        ctf(
            [
                young(1, Address__PostCode="RM6 1XA"),
                young(2, Address__PostCode=None),
                young(3, Address__PostCode="e179xa"),
            ]
        )
    )
    with under("youth-support") as scope:
        assert [one.resident for one in record.young_people(scope)] == [False, None, True]


def test_a_protected_address_stays_behind_but_lies_in_the_borough(send, under):
    send(register(f"{upn(1)},,,,address,", f"{upn(2)},,,,restricted,"), ctf([young(1), young(2)]))
    with under("youth-support") as scope:
        (one,) = record.young_people(scope)
    assert (one.address, one.postcode, one.confidential_address, one.resident) == (None, None, True, True)


def test_sources_that_differ_on_the_birth_date_leave_it_out(send, link, under):
    send(ctf([young(1)]), ctf([young(1, DOB="2012-04-01")], school=OTHER))
    assert sum(link().links.values()) == 1
    with under("youth-support") as scope:
        (one,) = record.young_people(scope)
    assert one.date_of_birth is None
    assert one.subjects == (1, 2)


def test_a_school_that_was_left_is_no_longer_a_school_of_the_child(send, under):
    left = [
        {"LEA": "320", "Estab": "2001", "SchoolName": "Left", "EntryDate": "2020-09-01", "LeavingDate": "2026-10-01"},
        {"LEA": "320", "Estab": "4002", "SchoolName": "New", "EntryDate": "2026-10-02"},
    ]
    send(ctf([young(1, SchoolHistory__School=left)]))
    with under("youth-support") as scope:
        assert record.young_people(scope)[0].enrolled_at == ("3204002",)
        assert record.young_people(scope, on=date(2026, 11, 20))[0].school == "New"
