"""What becomes of a file: in, known already, refused, or in with some rows set aside."""

from __future__ import annotations

import pytest
from tests.intake.made import OTHER, ctf, pupil, table, upn

from fairhold.intake import Outcome


def test_a_file_goes_in_and_every_value_points_to_its_delivery_and_line(send, ask):
    (done,) = send(ctf([pupil(1), pupil(2)]))
    assert (done.outcome, done.rows, done.new_subjects, done.set_aside) == (Outcome.STORED, 2, 2, 0)
    assert ask("select surname, forename, delivery_id, line > 0, row from people.name order by row") == [
        ("SurnameA", "ForenameA", done.delivery, True, 1),
        ("SurnameB", "ForenameB", done.delivery, True, 2),
    ]
    assert ask("select kind, value from people.identifier order by value") == [
        ("upn", n) for n in sorted([upn(1), upn(2)])
    ]
    assert ask(
        "select lea, estab, entry_date::text, from_date::text, until_date::text from education.enrolment limit 1"
    ) == [("320", "2001", "2025-09-01", "2025-09-01", "infinity")]


@pytest.mark.proves("N031")
def test_the_same_bytes_again_change_nothing(send, ask):
    file = ctf([pupil(1)])
    (first,), (second,) = send(file), send(file)
    assert (second.outcome, second.delivery) == (Outcome.KNOWN, first.delivery)
    assert ask("select count(*) from system.delivery") == [(1,)]
    assert ask("select count(*) from people.name") == [(1,)]


def test_the_same_bytes_twice_in_one_call_go_in_once(send, ask):
    file = ctf([pupil(1)])
    assert [one.outcome for one in send(file, file)] == [Outcome.STORED, Outcome.KNOWN]


@pytest.mark.proves("N031")
def test_another_file_that_says_the_same_adds_nothing(send):
    send(ctf([pupil(1)], at="2026-11-13T08:00:00"))
    (done,) = send(ctf([pupil(1)], at="2026-11-20T08:00:00"))
    assert (done.outcome, done.added, done.new_subjects) == (Outcome.STORED, 0, 0)


@pytest.mark.proves("N003")
def test_a_file_of_an_unregistered_school_is_refused_and_not_kept(send, ask):
    (done,) = send(ctf([pupil(1)], school="9999999"))
    assert done.outcome is Outcome.REFUSED
    assert done.reason == (
        "School 9999999 is not registered as a source: an administrator adds it with fairhold sources add."
    )
    assert ask("select state, vault_file_id, source_id from system.delivery") == [("refused", None, None)]
    assert ask("select count(*) from system.subject") == [(0,)]


def test_a_file_of_another_school_year_is_refused(send):
    (done,) = send(ctf([pupil(1)], year="2024"))
    assert done.reason == (
        "The file says it is of the school year 2024 but is dated 20 November 2026: ask the school to send the file of"
        " the current year."
    )


def test_a_file_from_the_future_is_refused(send):
    (done,) = send(ctf([pupil(1)], at="2027-01-01T00:00:00", year="2026"))
    assert (
        done.reason == "The file is dated 01 January 2027, which is still to come: ask the sender to check its clock."
    )


def test_empty_hostile_and_foreign_files_are_refused_each_with_its_sentence(send, ask):
    entity = b'<!DOCTYPE x [<!ENTITY a "b">]>' + ctf([pupil(1)]).partition(b"?>")[2]
    done = send(b"", b"\x00\x01\x02", entity, b"NAME,AGE\nsomebody,9\n", b"<html><body/></html>")
    assert {one.outcome for one in done} == {Outcome.REFUSED}
    assert all(one.reason and one.reason.endswith(".") for one in done)
    assert ask("select count(*) from system.vault_file") == [(0,)]


def test_a_pupil_without_birth_date_is_set_aside_and_the_others_go_in(send, ask):
    (done,) = send(ctf([pupil(1), pupil(2, DOB=None), pupil(3)]))
    assert (done.rows, done.new_subjects, done.set_aside) == (3, 2, 1)
    assert ask("select row, field, kind, owner, state from system.set_aside") == [
        (2, "DOB", "missing", "data-officer", "open")
    ]


def test_one_bad_value_is_set_aside_alone(send, ask):
    (done,) = send(ctf([pupil(1, BasicDetails__Ethnicity="PAKI")]))
    assert done.set_aside == 1
    assert ask("select field, kind from system.set_aside") == [("BasicDetails/Ethnicity", "unknown-code")]
    assert ask("select count(*) from people.name") == [(1,)]
    assert ask("select count(*) from people.ethnicity") == [(0,)]


def test_a_file_that_breaks_off_gives_its_whole_pupils(send, ask):
    whole = ctf([pupil(1), pupil(2), pupil(3)])
    (done,) = send(whole[: whole.rindex(b"<Pupil>") + 40])
    assert (done.outcome, done.new_subjects) == (Outcome.STORED, 2)
    assert ask("select kind, row from system.set_aside") == [("truncated", None)]


def test_elements_no_reference_lists_are_kept(send, ask):
    file = ctf([pupil(1)]).replace(b"</Pupil>", b"<FavouriteColour>blue</FavouriteColour></Pupil>")
    assert send(file)[0].unknown == 1
    assert ask("select path, value from system.unknown_element") == [("FavouriteColour", "blue")]


def test_a_pupil_keeps_one_subject_when_a_temporary_number_becomes_permanent(send, ask):
    temporary = "W32020012400A"
    send(ctf([pupil(1, UPN=temporary)], at="2026-11-06T08:00:00"))
    (done,) = send(ctf([pupil(1, BasicDetails__FormerUPN=temporary)]))
    assert done.new_subjects == 0
    assert ask(
        "select kind, value, until_date::text from people.identifier where known_until = 'infinity' order by 1, 2"
    ) == [
        ("former_upn", temporary, "infinity"),
        ("upn", upn(1), "infinity"),
        ("upn", temporary, "2026-11-20"),
    ]


def test_two_schools_are_two_subjects_of_one_child(send, ask):
    send(ctf([pupil(1)]), ctf([pupil(1)], school=OTHER))
    assert ask("select count(*) as n, count(distinct source_id) as m from system.subject") == [(2, 2)]


HEADER = {"CHILD": "100", "SEX": "F", "DOB": "02/03/2012", "ETHNIC": "WBRI", "UPN": upn(9), "MOTHER": "0"}
EPISODE = {
    "CHILD": "100",
    "DECOM": "01/05/2025",
    "RNE": "S",
    "LS": "C2",
    "CIN": "N1",
    "PLACE": "U1",
    "PLACE_PROVIDER": "PR1",
}


def test_the_tables_of_a_return_share_their_collection_year(send, ask):
    oc2 = {"CHILD": "100", "DOB": "02/03/2012", "SDQ_SCORE": "12", "CONVICTED": "0", "HEALTH_CHECK": "1"}
    done = send(table("Header", [HEADER]), table("Episodes", [EPISODE]), table("OC2", [oc2]))
    assert [one.outcome for one in done] == [Outcome.STORED] * 3
    assert ask("select collection_year, sdq_score from social_care.health") == [("2026", 12)]
    assert ask("select started::text, from_date::text, until_date::text, placement from social_care.episode") == [
        ("2025-05-01", "2025-05-01", "infinity", "U1")
    ]
    assert ask("select count(*) from system.subject") == [(1,)]
    assert ask("select date_of_birth::text, sex from people.birth") == [("2012-03-02", "F")]


def test_a_table_that_shows_no_year_is_refused_unless_a_person_names_it(send):
    file = table("OC2", [{"CHILD": "100", "DOB": "02/03/2012", "SDQ_SCORE": "12"}])
    assert send(file)[0].outcome is Outcome.REFUSED
    assert send(file, year="2026")[0].outcome is Outcome.STORED


def test_text_that_is_no_date_is_kept_beside_an_empty_value(send, ask):
    send(table("Episodes", [EPISODE | {"DEC": "45748"}, EPISODE | {"CHILD": "101", "DECOM": "2025-06-01 00:00:00"}]))
    assert ask("select ended, raw, started::text from social_care.episode order by row") == [
        (None, {"ended": "45748"}, "2025-05-01"),
        (None, None, "2025-06-01"),
    ]


def test_extra_columns_and_quoted_line_breaks(send, ask):
    lines = table("Episodes", [EPISODE]).decode().splitlines()
    extra = "\n".join([lines[0] + ",NOTE", lines[1] + ',"two\nlines"', "100,only two cells"]).encode()
    (done,) = send(extra)
    assert (done.rows, done.set_aside, done.unknown) == (2, 1, 1)
    assert ask("select path, value from system.unknown_element") == [("NOTE", "two\nlines")]


def test_a_return_sent_again_takes_back_what_it_no_longer_states(send, ask):
    send(table("Episodes", [EPISODE, EPISODE | {"CHILD": "101"}]))
    send(table("Episodes", [EPISODE | {"DECOM": "02/05/2025"}, EPISODE | {"CHILD": "101"}]))
    current = "select started::text from social_care.episode where known_until = 'infinity' order by 1"
    assert ask(current) == [("2025-05-01",), ("2025-05-02",)]
    assert ask("select count(*) from social_care.episode") == [(3,)]


def test_last_years_return_does_not_take_back_this_years(send, ask):
    send(table("Reviews", [{"CHILD": "100", "DOB": "02/03/2012", "REVIEW": "01/02/2026", "REVIEW_CODE": "PN1"}]))
    send(table("Reviews", [{"CHILD": "100", "DOB": "02/03/2012", "REVIEW": "01/02/2025", "REVIEW_CODE": "PN2"}]))
    current = "select review_code from social_care.review where known_until = 'infinity' order by 1"
    assert ask(current) == [("PN1",), ("PN2",)]
