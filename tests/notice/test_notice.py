"""The privacy notice and the record of processing: made of the registers, plain, and what the running system does."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from fairhold import access, governance, letters, notice, policy
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.notice import processing, registers, running, versions
from fairhold.policy.grade import HARDEST, grade

DAY = date(2026, 11, 24)
OFFICER = access.Actor(12, "Made-up officer", "ig-officer")


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(DAY):
        yield


def as_ig() -> AbstractContextManager[access.Scope]:
    return access.scope(OFFICER, "information-governance")


def differences() -> set[tuple[str, str]]:
    with as_ig() as scope:
        return {(one.kind, one.key) for one in running.diff(scope)}


def shipped() -> notice.Document:
    return notice.build(governance.shipped(), DAY.isoformat())


@pytest.mark.proves("N134", "N070")
@pytest.mark.parametrize(
    ("instrument", "basis", "recipient"),
    [
        ("Education (Information About Individual Pupils) (England) Regulations 2013", "LB01", "dfe"),
        ("Care Standards Act 2000", "LB27", "ofsted"),
        ("CSA (Registration) (England) Regulations 2010", "LB27", "ofsted"),
        ("Fostering Services (England) Regulations 2011", "LB27", "ofsted"),
        ("Borders, Citizenship and Immigration Act 2009", "LB29", "immigration"),
    ],
)
def test_each_instrument_that_the_notice_names_is_in_force_in_the_register_the_notice_and_a_rule_of_sharing(
    instrument: str, basis: str, recipient: str
) -> None:
    book = governance.shipped()
    [row] = [row for row in book.on("lawful_bases", DAY.isoformat()) if row["id"] == basis]
    assert instrument in row["legislation"]
    assert row["commenced"] == "yes"
    assert instrument in shipped().items["law", basis]
    rests = [row for row in book.on("policy_opens", DAY.isoformat()) if basis in row["gateway"].split()]
    assert recipient in {row["recipient"] for row in rests}


@pytest.mark.proves("N070")
def test_the_notice_gives_each_purpose_a_law_in_force_and_cites_none_that_is_not() -> None:
    items = shipped().items
    bases = {row["id"]: row for row in governance.shipped().on("lawful_bases", DAY.isoformat())}
    for one in governance.purposes():
        assert "Law: none in force" not in items["purpose", one.slug], one.slug
    told = {key for kind, key in items if kind == "law"}
    assert told
    for key in told:
        assert bases[key]["commenced"] == "yes"
        assert not bases[key]["until"]
    assert not any(bases[key]["legislation"] in " ".join(items.values()) for key in ("LB16", "LB20", "LB21"))


def test_every_sentence_of_the_notice_is_plain() -> None:
    for of in shipped().sections:
        for text in of.prose:
            assert grade(text) <= HARDEST, text


@pytest.mark.proves("N019", "N060")
def test_the_notice_says_what_the_system_does_and_a_row_on_either_side_makes_a_difference(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert differences() == set()
    with as_ig() as scope:
        assert versions.publish(scope).number == 1
    assert differences() == set()

    more = governance.shipped().with_rows(
        [
            ("policy_recipients", {**governance.rows("policy_recipients")[0], "slug": "made-up-body"}),
            ("policy_opens", {**governance.rows("policy_opens")[0], "part": "made up", "fields": "upn"}),
        ]
    )
    with monkeypatch.context() as patch:
        patch.setattr(policy, "book", lambda scope, **known: more)
        found = differences()
    assert found == {("recipient", "made-up-body"), ("field", "youth-support upn")}

    with database.connect("owner") as owner:
        owner.execute("create role p_made_up_purpose nologin")
        owner.execute("create table people.made_up (id int)")
    try:
        assert differences() == {("purpose", "made-up-purpose"), ("category", "people.made_up")}
    finally:
        with database.connect("owner") as owner:
            owner.execute("drop role p_made_up_purpose")
            owner.execute("drop table people.made_up")

    with monkeypatch.context() as patch:
        patch.delitem(registers.SOURCES, "register")
        fewer = notice.build(governance.shipped(), DAY.isoformat())
    with monkeypatch.context() as patch:
        patch.setattr(running, "current", lambda scope: fewer)
        assert differences() == {("source", "register")}


def test_each_version_is_kept_with_its_day_and_what_had_changed_and_everybody_reads_the_newest(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (clean / "notice" / "notice.json").unlink(missing_ok=True)
    assert (notice.published().number, notice.published().document) == (None, shipped())
    with as_ig() as scope:
        first = versions.publish(scope)
        assert versions.publish(scope).number == first.number  # not a word has changed
    row = {**governance.rows("share_flows")[0], "title": "A made-up title"}
    changed = governance.shipped().with_rows([("share_flows", row)])
    monkeypatch.setattr(policy, "book", lambda scope, **known: changed)
    with clock.frozen(DAY + timedelta(days=1)), as_ig() as scope:
        second = versions.publish(scope)
        assert [one.number for one in versions.versions(scope)] == [second.number, first.number]
    assert (second.day, first.day) == (DAY + timedelta(days=1), DAY)
    assert second.sha256 == second.document.sha256 != first.sha256
    assert [one.sentence for one in second.changes] == ["Kind of share youth-list: worded anew."]
    public = notice.published()
    assert (public.number, public.day, public.document, public.changes) == (
        second.number, second.day, second.document, second.changes,
    )  # fmt: skip


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize(
    ("of", "name", "kept"),
    [
        (access.Scope, "record", False),  # before the commit
        (versions, "_told", True),  # committed, and nothing of the file written
        (versions.os, "fsync", True),  # the file half written
        (Path, "replace", True),  # written beside, and not in its place
    ],
)
def test_killed_anywhere_everybody_reads_what_the_store_says_and_the_daily_run_takes_it_up(
    clean: Path, of: Any, name: str, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_ig() as scope:
        versions.publish(scope)
    row = {**governance.rows("share_flows")[0], "title": "A made-up title"}
    changed = governance.shipped().with_rows([("share_flows", row)])
    monkeypatch.setattr(policy, "book", lambda scope, **known: changed)
    with pytest.raises(ValueError, match="rolled back"), as_ig() as scope:
        versions.publish(scope)
        raise ValueError("rolled back")
    assert notice.published().number == 1

    def killed(*args: object, **named: object) -> None:
        raise Killed

    with monkeypatch.context() as patch, pytest.raises(Killed), as_ig() as scope:
        if kept:
            versions.publish(scope)
            patch.setattr(of, name, killed)
        else:
            patch.setattr(of, name, killed)
            versions.publish(scope)
    assert notice.published().number == 1
    with as_ig() as scope:
        [newest, *before] = versions.versions(scope)
        assert len(before) == kept
        assert notice.settle(scope) is kept
        assert not notice.settle(scope)
    assert (notice.published().number, notice.published().document) == (newest.number, newest.document)
    with as_ig() as scope:  # a store that was put back to an older day
        scope.run("delete from system.notice_version")
        assert notice.settle(scope)
    assert notice.published().number is None


def test_the_pdf_is_tagged_and_says_word_for_word_the_notice_with_whom_to_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FAIRHOLD_COUNCIL", "FAIRHOLD_CONTACT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FAIRHOLD_DATA_PROTECTION_OFFICER", "dpo@made-up.example")
    made = notice.as_pdf(notice.Published(shipped(), 7, DAY))
    told = letters.text_of(made)
    whole = [letters.Text("Version 7, put out on 24 November 2026."), *shipped().blocks]
    assert told.startswith(letters.words(notice.TITLE, whole))
    assert told.endswith("Councilnotset" + "Questionsnotset" + "Dataprotectionofficerdpo@made-up.example")
    assert b"/MarkInfo<</Marked true" in made


ASKED = (
    *(
        "organisation",
        "contacts",
        "data_protection_officer",
        "joint_controllers",
        "representative",
        "purpose",
        "people",
    ),
    *("categories_of_data", "recipients", "third_countries", "safeguards", "retention", "security", "lawful_basis"),
    *("special_condition", "schedule_1", "legislation", "policy_document"),
)


@pytest.mark.proves("N070")
def test_the_record_of_processing_states_for_each_purpose_what_the_law_asks(
    clean: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAIRHOLD_COUNCIL", "Made-up council")
    with as_ig() as scope:
        found = processing.processing(scope)
    assert [one.purpose.partition(".")[0] for one in found] == [one.title for one in governance.purposes()]
    for one in found:
        assert all(getattr(one, name) for name in ASKED), one.purpose
        assert one.organisation == "Made-up council"
        assert one.lawful_basis != processing.NONE, one.purpose
    by_title = {one.purpose.partition(".")[0]: one for one in found}
    youth = by_title["Support young people aged 13 to 19"]
    assert youth.recipients == "the youth team; the careers team; the college"
    assert "Identifiers and contacts" in youth.categories_of_data
    assert "Education Act 1996 s507B" in youth.legislation
    assert "the DfE" in by_title["Make the statutory returns"].recipients
    rows = list(csv.reader(io.StringIO(processing.as_csv(found).decode(), newline="")))
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(processing.as_xlsx(found))).get_sheet_by_index(0).to_python()
    assert rows == sheet
    assert rows[0] == list(processing.HEADS)
    assert len(rows) == len(found) + 1
    assert "Made-upcouncil" in letters.text_of(processing.as_pdf(found))
