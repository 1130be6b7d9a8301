"""Two people sign for the bytes of one build; what stands in the way is said in a sentence."""

from __future__ import annotations

import pytest

from fairhold import access, work
from fairhold.errors import PlainError
from fairhold.returns.submission import signing
from fairhold.returns.submission.domain import SubmissionError
from tests.building.conftest import at
from tests.building.drawn import census, child, episode, header, need, table
from tests.submission.conftest import ADE, BEA, RETURNS, WORKER, Return


def test_two_different_people_sign_and_nobody_twice(made: Return) -> None:
    made.children()
    build = made.build()
    made.explain(build)
    once = made.sign(build.id)
    assert [(one.part, one.signer) for one in once.signatures] == [("prepared", "Made-up Ade")]
    with pytest.raises(SubmissionError, match="the other signature is somebody else's"):
        made.sign(build.id)
    with pytest.raises(SubmissionError, match="signed once: two people sign"):
        made.freeze(build.id)
    twice = made.sign(build.id, BEA)
    assert [(one.part, one.signed_by) for one in twice.signatures] == [("prepared", ADE.id), ("approved", BEA.id)]
    with pytest.raises(SubmissionError, match="Both signatures"):
        made.sign(build.id, access.Actor(99, "Made-up third", "analyst"))


def test_the_second_signature_is_for_the_role_that_answers_for_the_collection(
    made: Return, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.children()
    build = made.build()
    made.explain(build)
    monkeypatch.setattr(signing, "owner", lambda _: "leadership")
    made.sign(build.id)
    with pytest.raises(SubmissionError, match="for a Leadership, who answers"):
        made.sign(build.id, BEA)
    with pytest.raises(access.Refused, match="may not work under"):
        made.sign(build.id, WORKER)


def test_an_error_without_an_explanation_cannot_be_signed_for_nor_frozen(made: Return) -> None:
    made.children([episode("1", LS="??"), episode("2")])
    build = made.build()
    with pytest.raises(SubmissionError, match=r"errors? of build 1 \(run 1\) (are|is) neither put right nor explained"):
        made.sign(build.id)
    made.explain(build)
    made.sign(build.id)
    signed = made.sign(build.id, BEA)
    assert signed.signatures[0].errors > 0
    with made.analyst() as scope:
        scope.run("update system.return_explained set ended_at = now(), ended_by = 1")
    with pytest.raises(SubmissionError, match="neither put right nor explained"):
        made.freeze(build.id)


def test_a_signature_stands_for_the_bytes_and_expires_when_a_later_build_differs(made: Return) -> None:
    made.children()
    first = made.build()
    made.explain(first)
    made.sign(first.id)
    same = made.build(day="2026-11-12", hour=15)
    assert (same.sha256, same.id) == (first.sha256, first.id + 1)
    made.sign(first.id, BEA)
    made.deliver(table("Header", header("1", ETHNIC="BAFR"), header("2")), day="2026-11-13")
    made.build(day="2026-11-14")
    with pytest.raises(SubmissionError, match="out of date"):
        made.freeze(first.id, day="2026-11-15")
    with pytest.raises(SubmissionError, match="out of date"):
        made.sign(first.id, ADE, day="2026-11-15")


def test_a_later_build_that_says_the_same_changes_nothing_though_its_file_carries_another_time(made: Return) -> None:
    made.deliver(census(child("1", need("2026-05-01"))))
    first = made.build(name="cin")
    second = made.build(name="cin", hour=15)
    assert first.sha256 != second.sha256
    made.explain(second)
    assert (made.sign(first.id).state, made.sign(first.id, BEA).state) == ("signed once", "signed")
    assert made.freeze(first.id).sha256 == first.sha256


def test_a_build_whose_findings_are_no_longer_kept_is_not_signed(made: Return) -> None:
    """Nobody could count its errors any more."""
    made.children([episode("1", LS="??")])
    build = made.build()
    with pytest.raises(SubmissionError, match="no longer kept: build again"):
        made.sign(build.id, day="2027-03-01")


def test_what_waits_for_a_signature_is_on_the_list_of_whoever_answers_for_it(made: Return) -> None:
    made.children()
    build = made.build()
    made.explain(build)
    made.sign(build.id)
    with at("2026-11-12"), access.scope(BEA, RETURNS) as scope:
        assert [item.title for item in work.items(scope) if item.kind == signing.WAITS] == [
            "Build 1 of ssda903 2027 waits for a second signature"
        ]
    made.sign(build.id, BEA)
    made.freeze(build.id)
    with at("2026-11-14"), access.scope(BEA, RETURNS) as scope:
        assert [item for item in work.items(scope) if item.kind == signing.WAITS] == []


def test_a_note_says_something_and_tells_no_child(made: Return) -> None:
    made.children()
    build = made.build()
    made.explain(build)
    for note in ("", "Child A123456789012 is right.", "x" * 501):
        with at("2026-11-12"), made.analyst() as scope, pytest.raises(PlainError):
            signing.sign(scope, build=build.id, note=note)
