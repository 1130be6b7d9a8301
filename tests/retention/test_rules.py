"""The truth tables: class and facts in, day and rule out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold import catalogue, governance
from fairhold.retention import Facts, Status, due
from fairhold.retention.domain import CONDITIONS, EVENTS, MISSING
from fairhold.retention.rules import periods, schedule, shipped_holds

DAY = date(2026, 11, 24)
BORN = date(2001, 5, 6)
PLAIN = Facts("RT16", born=BORN)


@pytest.mark.proves("N161")
@pytest.mark.parametrize(
    ("facts", "day", "rule"),
    [
        # class, and what is true of the person                                      due                 by
        (Facts("RT16", BORN), date(2026, 5, 6), "RT16"),
        (Facts("RT16", BORN, sen=True), date(2032, 5, 6), "RT14"),
        (Facts("RT16", BORN, sen=True, ehcp=True), date(2032, 5, 6), "RT14"),
        (Facts("RT16", BORN, looked_after=True), date(2076, 5, 6), "RT01"),
        (Facts("RT16", BORN, looked_after=True, sen=True), date(2076, 5, 6), "RT01"),
        (Facts("RT16", BORN, looked_after=True, died=date(2010, 1, 2)), date(2026, 5, 6), "RT16"),
        (Facts("RT16", BORN, looked_after=True, died=date(2015, 1, 2)), date(2030, 1, 2), "RT01"),
        (Facts("RT16", BORN, looked_after=True, sen=True, died=date(2015, 1, 2)), date(2032, 5, 6), "RT14"),
        (Facts("RT16", BORN, looked_after=True, died=date(2019, 5, 5)), date(2034, 5, 5), "RT01"),
        (Facts("RT16", BORN, looked_after=True, died=date(2019, 5, 6)), date(2076, 5, 6), "RT01"),
        (Facts("RT14", BORN), date(2032, 5, 6), "RT14"),
        (Facts("RT14", BORN, looked_after=True), date(2076, 5, 6), "RT01"),
        (Facts("RT26", BORN, award=date(2012, 9, 1)), date(2018, 9, 1), "RT26"),
        (Facts("RT26", BORN, award=date(2012, 9, 1), sen=True), date(2018, 9, 1), "RT26"),
        (Facts("RT26", BORN, award=date(2012, 9, 1), looked_after=True), date(2076, 5, 6), "RT01"),
        (Facts("RT01", BORN, looked_after=True), date(2076, 5, 6), "RT01"),
        (Facts("RT01", BORN, last_contact=date(1990, 1, 1)), date(2076, 5, 6), "RT01"),
        (Facts("RT02", BORN, looked_after=True), date(2076, 5, 6), "RT01"),
        (Facts("RT02", BORN), date(2076, 5, 6), "RT02"),
        (Facts("RT39", BORN, last_contact=date(2020, 2, 29)), date(2026, 3, 1), "RT39"),
        (Facts("RT16", date(2004, 2, 29)), date(2029, 3, 1), "RT16"),
        (Facts("RT07", BORN, last_contact=date(2016, 2, 29)), date(2051, 3, 1), "RT07"),
        (Facts("RT08", BORN, last_contact=date(2016, 2, 29)), date(2022, 5, 6), "RT08"),
        (Facts("RT08", BORN, last_contact=date(2020, 7, 1)), date(2023, 7, 1), "RT08"),
        (Facts("RT08", BORN, last_contact=date(2016, 2, 29), protection=True), date(2051, 3, 1), "RT07"),
        (Facts("RT08", BORN, last_contact=date(2016, 2, 29), looked_after=True), date(2076, 5, 6), "RT01"),
        (Facts("RT09", BORN, last_contact=date(2016, 2, 29)), date(2022, 3, 1), "RT09"),
        (Facts("RT15", BORN), date(2032, 5, 6), "RT15"),
    ],
)
def test_the_longest_lawful_rule_wins(facts: Facts, day: date, rule: str) -> None:
    found = due(facts, DAY)
    assert (found.date, found.rule) == (day, rule)
    assert found.status is (Status.DUE if day <= DAY else Status.NOT_DUE)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts("RT16"), "there is no date of birth"),
        (Facts("RT16", last_contact=date(1990, 1, 1)), "there is no date of birth"),
        (Facts("RT26", award=date(1990, 1, 1), looked_after=True), "there is no date of birth"),
        (Facts("RT16", looked_after=True, died=date(1990, 1, 1)), "there is no date of birth"),
        (Facts("RT26", BORN), "there is no date of the award"),
        (Facts("RT39", BORN), "there is no contact on record"),
    ],
)
def test_what_cannot_be_counted_has_no_day_and_says_why(facts: Facts, reason: str) -> None:
    found = due(facts, DAY)
    assert (found.status, found.date) == (Status.UNKNOWN, None)
    assert found.why.startswith(f"No day can be computed, because {reason}")


@pytest.mark.parametrize("klass", ["RT16", "RT14", "RT26", "RT01", "RT03"])
@pytest.mark.parametrize("adopted_on", [None, date(1890, 1, 1), date(2010, 1, 1)])
def test_an_adopted_childs_records_are_reviewed_by_a_person_however_old(klass: str, adopted_on: date | None) -> None:
    facts = Facts(klass, date(1889, 1, 1), adopted=True, adopted_on=adopted_on, looked_after=True, award=adopted_on)
    found = due(facts, DAY)
    assert found.status is Status.REVIEW
    assert found.rule == "RT03"
    assert found.date == (adopted_on and date(adopted_on.year + 100, 1, 1))


def test_a_plan_for_adoption_without_an_order_is_reviewed_and_has_no_day() -> None:
    found = due(Facts("RT03", BORN, looked_after=True), DAY)
    assert (found.status, found.date, found.rule) == (Status.REVIEW, None, "RT04")
    assert due(Facts("RT16", BORN, looked_after=True), DAY).rule == "RT01", "its other records follow their own rule"


def test_the_day_itself_is_due_and_the_day_before_is_not() -> None:
    end = date(2026, 5, 6)
    assert [due(PLAIN, end + timedelta(days)).status for days in (-1, 0, 1)] == [
        Status.NOT_DUE,
        Status.DUE,
        Status.DUE,
    ]


def test_a_hold_blocks_what_is_due_and_is_named() -> None:
    held = replace(PLAIN, holds=("RT93 case 12",))
    assert due(held, DAY).status is Status.HELD
    assert due(held, DAY).blocked_by == ("RT93 case 12",)
    assert due(held, date(2020, 1, 1)).status is Status.NOT_DUE
    assert due(replace(held, adopted=True), DAY).status is Status.REVIEW


def test_the_sentence_names_rule_law_and_what_it_outlasts() -> None:
    found = due(Facts("RT16", BORN, looked_after=True, sen=True), DAY)
    assert found.why == (
        "Kept until the 75th anniversary of birth, because the child was looked after (RT01, statute)."
        " Of the rules that apply it keeps longest; the others: RT14, RT16."
    )
    assert due(PLAIN, DAY).why == "Kept until the 25th birthday (RT16, council policy)."


days = st.none() | st.dates(date(1900, 1, 1), date(2030, 1, 1))
people = st.builds(
    Facts,
    klass=st.sampled_from(["RT01", "RT02", "RT03", "RT07", "RT08", "RT14", "RT16", "RT26", "RT39"]),
    born=days,
    died=days,
    looked_after=st.booleans(),
    sen=st.booleans(),
    ehcp=st.booleans(),
    protection=st.booleans(),
    adopted=st.booleans(),
    adopted_on=days,
    award=days,
    last_contact=days,
    holds=st.sampled_from([(), ("RT91 made up",)]),
)


@pytest.mark.proves("N160")
@given(people, st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_every_record_has_a_rule_and_the_day_does_not_depend_on_when_one_looks(facts: Facts, day: date) -> None:
    found = due(facts, day)
    assert found.rule in schedule()
    assert found.date == due(facts, DAY).date
    assert found.why.endswith(".")


@given(
    people.filter(lambda facts: facts.klass != "RT39"),  # the rule of last resort gives way to any other
    st.sampled_from(["looked_after", "sen", "ehcp", "adopted"]),
)
def test_one_more_fact_never_makes_a_record_due_earlier(facts: Facts, more: str) -> None:
    before, after = due(replace(facts, died=None), DAY), due(replace(facts, died=None, **{more: True}), DAY)
    if before.status is Status.NOT_DUE:
        assert after.status is not Status.DUE
    if before.date and after.date and more != "adopted":
        assert after.date >= before.date


@pytest.mark.proves("N160")
def test_every_table_and_every_period_stands_in_the_schedule() -> None:
    for table in catalogue.tables():
        assert any(period.is_for(table.retention) and period.when == "always" for period in periods()) or (
            # Whoever has such records was looked after, or adopted or not; the last is the rule of last resort.
            table.retention in {"RT01", "RT03", "RT39"}
        ), f"{table.name} has a class ({table.retention}) no period speaks of"
    for period in periods():
        assert period.rule in schedule()
        assert period.when in CONDITIONS
        assert period.event in EVENTS.keys() & MISSING.keys()


def test_the_schedule_keeps_its_sources_and_says_how_sure_it_is() -> None:
    rows = governance.rows("retention")
    assert len(rows) == 43
    assert all(row["source"] and row["basis"] and row["default_choice"] and row["from"] for row in rows)
    assert {row["confidence"] for row in rows} == {"high", "medium", "low"}
    assert all(schedule()[hold.rule].is_hold for hold in shipped_holds())
