"""A child is found by the beginnings of names, by number, by birth date; the index is used under row policies."""

from __future__ import annotations

import pytest
from tests.intake.made import OTHER, ctf, pupil, upn
from tests.intake.test_protection import register

from fairhold import record
from fairhold.record.search import terms, token_query


@pytest.fixture
def three(send):
    send(
        ctf(
            [
                pupil(1, Surname="O'Néill-Jones", Forename="Zoë"),
                pupil(2, Surname="Jones", Forename="Adam", BasicDetails__PreferredForename="Ade"),
                pupil(3, Surname="Joneson", Forename="Zac"),
            ]
        )
    )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("jones", ["Jones", "Joneson", "O'Néill-Jones"]),
        ("JONES adam", ["Jones"]),
        ("ade", ["Jones"]),
        ("oneill", ["O'Néill-Jones"]),
        ("O’Neill-Jones, zoe", ["O'Néill-Jones"]),
        ("zo", ["O'Néill-Jones"]),
        ("02/03/2014", ["Jones"]),
        ("2014-03-03 zac", ["Joneson"]),
        (upn(3), ["Joneson"]),
        (upn(3).lower(), ["Joneson"]),
        ("j", []),
        ("", []),
        ("nobody", []),
        ("jones nobody", []),
        ("%", []),
        ("' or 1=1 --", []),
    ],
)
def test_what_is_found(three, under, text, found):
    with under("missing-education") as scope:
        assert [hit.surname for hit in record.search(scope, text=text)] == found


def test_a_person_of_two_schools_is_found_once(send, link, under):
    send(ctf([pupil(1)]), ctf([pupil(1)], school=OTHER))
    link()
    with under("missing-education") as scope:
        (hit,) = record.search(scope, text="surnamea")
    assert (hit.person, hit.school, hit.year_group) == (1, "Made-up", "7")


def test_the_words_follow_a_change_of_name(send, under):
    send(ctf([pupil(1)], at="2026-11-06T08:00:00"))
    send(ctf([pupil(1, Surname="Later")], at="2026-11-13T08:00:00"))
    with under("missing-education") as scope:
        assert len(record.search(scope, text="later")) == 1
        assert record.search(scope, text="surnamea") == []


def test_who_may_not_see_numbers_cannot_search_by_one(three, under):
    with under("youth-support") as scope:
        assert record.search(scope, text=upn(3)) == []
        assert len(record.search(scope, text="zac")) == 1


@pytest.mark.parametrize("order", ["register first", "file first"])
def test_a_restricted_child_is_not_found(send, under, order):
    files = [register(f"{upn(1)},,,,restricted,"), ctf([pupil(1)])]
    for file in files if order == "register first" else reversed(files):
        send(file)
    with under("missing-education") as scope:
        assert record.search(scope, text="surnamea") == []
    with under("safeguarding") as scope:
        assert len(record.search(scope, text="surnamea")) == 1


def test_rebuilding_gives_the_same_words(three, under, ask):
    words = "select subject_id, token, guard from people.search_token order by 1, 2"
    before = ask(words)
    with under("data-intake") as scope:
        assert record.rebuild(scope) == len(before)
    assert ask(words) == before


@pytest.mark.parametrize("text", ["jones", "2014-03-03", upn(3)])
def test_the_index_is_used_under_row_policies(three, under, text):
    query, values = token_query(terms(text))
    with under("missing-education") as scope:
        scope.run(
            "set local enable_seqscan = off"
        )  # a tiny table would be read whole; a filter could not be forced away
        plan = "\n".join(next(iter(row.values())) for row in scope.rows(f"explain {query}", values))
    assert "search_token_word" in plan
    assert "Index Cond: ((token" in plan or "Index Cond: (token" in plan
    assert "Filter: ((NOT care) AND (guard < 2))" in plan
