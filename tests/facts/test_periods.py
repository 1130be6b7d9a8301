"""What is held after one file and another: drawn as tables of (value, first day, day after the last)."""

from __future__ import annotations

import pytest


def name(surname: str) -> dict[str, str]:
    return {"Surname": surname, "Forename": "Ann"}


def phones(*numbers: str) -> dict[str, str]:
    return {
        f"Phones/Phone[{place}]/{part}": text
        for place, number in enumerate(numbers, 1)
        for part, text in (("TelephoneType", "H"), ("PhoneNo", number))
    }


def school(entry: str, leaving: str | None = None, estab: str = "2001") -> dict[str, str]:
    values = {"LEA": "320", "Estab": estab, "EntryDate": entry} | ({"LeavingDate": leaving} if leaving else {})
    return {f"SchoolHistory/School/{part}": text for part, text in values.items()}


@pytest.mark.proves("N010")
def test_a_value_holds_from_the_day_of_the_file_until_a_later_file_says_otherwise(child):
    child.say(1, name("Abara"))
    child.say(8, name("Abara"))
    child.say(15, name("Birch"))
    assert child.rows("people.name", "surname") == [("Abara", 1, 15), ("Birch", 15, None)]


def test_a_file_that_says_the_same_adds_nothing(child):
    assert child.say(1, name("Abara")) == 1
    assert child.say(8, name("Abara")) == 0


def test_an_older_file_that_comes_late_never_overwrites_a_newer_value(child):
    child.say(1, name("Abara"))
    child.say(15, name("Cole"))
    child.say(8, name("Birch"))
    assert child.rows("people.name", "surname") == [("Abara", 1, 8), ("Birch", 8, 15), ("Cole", 15, None)]


def test_an_older_file_yields_to_a_newer_one_that_had_confirmed_the_value(child):
    child.say(1, name("Abara"))
    child.say(15, name("Abara"))  # adds nothing, but says that Abara held on day 15
    child.say(8, name("Birch"))
    assert child.rows("people.name", "surname") == [("Abara", 1, 8), ("Birch", 8, 15), ("Abara", 15, None)]


def test_an_older_file_from_before_everything_known(child):
    child.say(8, name("Birch"))
    child.say(1, name("Abara"))
    assert child.rows("people.name", "surname") == [("Abara", 1, 8), ("Birch", 8, None)]


def test_of_two_files_of_one_day_the_later_hour_stands_whichever_comes_first(child):
    child.say(1.5, name("Birch"))
    child.say(1.2, name("Abara"))
    assert child.rows("people.name", "surname") == [("Birch", 1, None)]
    child.say(1.6, name("Cole"))
    assert child.rows("people.name", "surname") == [("Cole", 1, None)]


def test_no_row_is_rewritten_and_what_we_once_believed_stays(child):
    child.say(1, name("Abara"))
    child.say(8, name("Birch"))
    assert child.rows("people.name", "surname", known="known_until < 'infinity'") == [("Abara", 1, None)]


def test_a_block_that_is_absent_was_not_sent(child):
    child.say(1, name("Abara") | phones("1", "2"))
    child.say(8, name("Abara"))
    assert child.rows("people.phone", "number") == [("1", 1, None), ("2", 1, None)]


def test_an_item_ends_when_a_sent_block_no_longer_lists_it(child):
    child.say(1, phones("1", "2"))
    child.say(8, phones("1", "3"))
    assert child.rows("people.phone", "number") == [("1", 1, None), ("2", 1, 8), ("3", 8, None)]


def test_an_older_file_ends_an_item_only_until_the_newer_one(child):
    child.say(1, phones("1", "2"))
    child.say(15, phones("1", "2"))
    child.say(8, phones("1"))
    assert child.rows("people.phone", "number") == [("1", 1, None), ("2", 1, 8), ("2", 15, None)]


def test_a_new_number_ends_the_old_one_but_not_a_number_of_another_kind(child):
    child.say(1, {"UPN": "H801200001001", "UniqueLearnerNumber": "1023456787"})
    child.say(8, {"UPN": "Y320200124999"})
    assert child.rows("people.identifier", "kind, value") == [
        ("uln", "1023456787", 1, None),
        ("upn", "H801200001001", 1, 8),
        ("upn", "Y320200124999", 8, None),
    ]


def test_a_leaving_date_closes_the_old_row_and_a_new_one_follows(child):
    child.say(1, school("2026-09-01"))
    child.say(8, school("2026-09-01", "2026-09-04"))
    assert child.rows("education.enrolment", "estab") == [("2001", 1, 5)]  # the day of leaving counts as on roll
    assert child.rows("education.enrolment", "estab", known="known_until < 'infinity'") == [("2001", 1, None)]


def test_a_changed_leaving_date(child):
    child.say(1, school("2026-09-01", "2026-09-04"))
    child.say(8, school("2026-09-01", "2026-09-10"))
    assert child.rows("education.enrolment", "estab") == [("2001", 1, 11)]


def test_an_enrolment_left_out_is_not_ended_and_another_school_is_another_item(child):
    child.say(1, school("2026-09-01"))
    child.say(8, school("2026-09-06", estab="2002"))
    assert child.rows("education.enrolment", "estab") == [("2001", 1, None), ("2002", 6, None)]


def test_an_older_file_does_not_take_a_leaving_date_back(child):
    child.say(8, school("2026-09-01", "2026-09-04"))
    child.say(1, school("2026-09-01"))
    assert child.rows("education.enrolment", "estab") == [("2001", 1, 5)]


def test_a_last_day_before_the_first_is_never_in_force(child):
    child.say(1, school("2026-09-08", "2026-09-01"))
    assert child.rows("education.enrolment", "leaving_date") == [(1, 8, 8)]


def test_attendance_of_a_past_year_stays_when_a_file_has_this_year_alone(child):
    def year(number: str, attended: str) -> dict[str, str]:
        under = "Attendance/YearData/"
        return {
            under + "Year": number,
            under + "LEA": "320",
            under + "Estab": "2001",
            under + "SessionsAttended": attended,
        }

    child.say(1, year("2025", "300"))
    child.say(8, year("2026", "10"))
    child.say(15, year("2026", "20"))
    assert child.rows("education.attendance", "year, sessions_attended") == [
        ("2025", 300, 1, None),
        ("2026", 10, 8, 15),
        ("2026", 20, 15, None),
    ]


def test_results_carry_the_stage_they_stand_under(child):
    child.say(
        1,
        {
            "StageAssessments/KeyStage[1]/Stage": "KS1",
            "StageAssessments/KeyStage[1]/StageAssessment[1]/Subject": "ENG",
            "StageAssessments/KeyStage[1]/StageAssessment[2]/Subject": "MAT",
            "StageAssessments/KeyStage[2]/StageAssessment/Subject": "MAT",
            "StageAssessments/KeyStage[2]/Stage": "KS2",
        },
    )
    assert child.rows("education.assessment", "stage, subject") == [
        ("KS1", "ENG", 1, None),
        ("KS1", "MAT", 1, None),
        ("KS2", "MAT", 1, None),
    ]


def test_a_contact_without_order_takes_its_place_and_its_texts_are_joined(child):
    under = "Contacts/Contact[2]/"
    child.say(
        1,
        {
            "Contacts/Contact[1]/Surname": "First",
            under + "Surname": "Second",
            under + "Address/AddressLines/AddressLine1": "1 Nowhere Road",
            under + "Address/PostCode": "E17 0ZZ",
            under + "Phones/Phone[1]/TelephoneType": "M",
            under + "Phones/Phone[1]/PhoneNo": "07700 900000",
            under + "Phones/Phone[2]/TelephoneType": "H",
            under + "Phones/Phone[2]/PhoneNo": "020 7946 0000",
        },
    )
    assert child.rows("parents.contact", "place, surname, address, postcode, phones") == [
        ("1", "First", None, None, None, 1, None),
        ("2", "Second", "1 Nowhere Road", "E17 0ZZ", "M 07700 900000, H 020 7946 0000", 1, None),
    ]


def test_a_former_number_keeps_the_subject(child):
    old = child.child
    child.say(1, name("Abara"))
    child.another()
    assert child.say(8, name("Abara"), also=(old,)) == 0


def test_text_with_tabs_breaks_and_backslashes_comes_through(child):
    odd = "a\tb\nc\\d\\N"
    child.say(1, {"Surname": odd, "Forename": "\\."})
    assert child.rows("people.name", "surname, forename") == [(odd, "\\.", 1, None)]
