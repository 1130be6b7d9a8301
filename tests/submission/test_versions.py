"""Frozen: exact bytes, hash, signatures, day; a new version, never an overwrite; made again the same (all made up)."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from fairhold import access, identity, vault
from fairhold.engine import database
from fairhold.errors import PlainError
from fairhold.record import voluntary
from fairhold.returns.submission import builds, exporting, freezing, receipts, recreating, signing, tracing, versions
from fairhold.returns.submission.domain import Submission, SubmissionError
from fairhold.returns.workspace import collections
from fairhold.synth.domain import Options
from fairhold.synth.write import write_borough
from tests.building.conftest import LA, OFFICER, at
from tests.building.conftest import deliver as deliver_sets
from tests.building.drawn import episode, header, table
from tests.intake.made import ctf, pupil, upn
from tests.submission.conftest import ADE, BEA, RETURNS, WORKER, Ask, Return


def recreated(submission: int, day: str = "2026-12-20") -> recreating.Recreated:
    with at(day), access.scope(ADE, RETURNS) as scope:
        return recreating.recreate(scope, submission=submission)


def exported(submission: int, actor: access.Actor = ADE, purpose: str = RETURNS) -> exporting.Exported:
    with at("2026-11-20"), access.scope(actor, purpose) as scope:
        return exporting.export(scope, submission=submission)


def register_of(year: int = 2027) -> list[Submission]:
    with at("2026-12-01"), access.scope(ADE, RETURNS) as scope:
        return versions.versions(scope, year=year)[0]


@pytest.mark.proves("N001", "N056")
@pytest.mark.parametrize("name", ["ssda903", "cin"])
def test_a_complete_return_passes_every_rule_and_the_register_says_what_was_submitted(
    made: Return, ask: Ask, tmp_path: Path, name: str
) -> None:
    """Both returns of a made-up case system without faults, from its record to a frozen submission and its receipt."""
    write_borough(Options(50, 2, 0.0, 7, date(2026, 11, 9), tmp_path, children=100))
    with at("2026-11-09"):
        deliver_sets(tmp_path, 2026)
        deliver_sets(tmp_path, 2027)
    build = made.build(name=name)
    assert ask("select count(*) from system.return_run_rule where findings > 0 and severity = 'error'") == [(0,)]
    if name == "ssda903":
        assert ask("select coalesce(sum(findings), 0) from system.return_run_rule") == [(0,)]
    made.explain(build)
    made.sign(build.id)
    made.sign(build.id, BEA)
    frozen = made.freeze(build.id)
    assert (frozen.version, frozen.sha256, frozen.build.children) == (1, build.sha256, build.children)
    assert [one.signer for one in frozen.build.signatures] == ["Made-up Ade", "Made-up Bea"]
    assert frozen.counts["rows"] == build.rows
    assert hashlib.sha256(exported(frozen.id).data).hexdigest() == frozen.sha256
    assert recreated(frozen.id).same


def test_the_frozen_file_lies_in_the_vault_with_class_rule_and_due_date(made: Return, ask: Ask) -> None:
    made.children()
    frozen = made.frozen()
    ((kind, klass, retention, due, sha256),) = ask(
        "select kind, class, retention, due, sha256 from system.vault_file where id = %s", frozen.file_id
    )
    assert (kind, klass, retention, sha256) == ("submission", "safeguarding", "RT29", frozen.sha256)
    assert (due, frozen.due_why) == (
        date(2033, 3, 31),
        "6 years from 2027-03-31, because the register of collections has no closing day",
    )
    with at("2026-11-14"), made.analyst() as scope, pytest.raises(vault.VaultError, match="not kept for the purpose"):
        vault.open(scope, frozen.file_id)


def test_the_due_date_counts_from_the_closing_day_where_the_register_has_one(made: Return) -> None:
    made.children()
    build = made.build(name="cin")
    assert freezing.due_date(build, date(2026, 11, 13)).day == date(2033, 7, 30)


@pytest.mark.proves("N001")
def test_sending_again_makes_another_version_and_overwrites_nothing(made: Return) -> None:
    made.children()
    first = made.frozen()
    with pytest.raises(SubmissionError, match="frozen as version 1: build again"):
        made.freeze(first.build.id)
    made.deliver(table("Header", header("1", ETHNIC="BAFR"), header("2")), day="2026-11-14")
    second = made.frozen(day="2026-11-15")
    assert [(one.version, one.sha256) for one in register_of()] == [(2, second.sha256), (1, first.sha256)]
    assert second.sha256 != first.sha256
    assert hashlib.sha256(exported(first.id).data).hexdigest() == first.sha256


def test_a_frozen_return_is_made_again_after_facts_changed_and_a_link_was_undone(made: Return) -> None:
    number = upn(1)
    with at("2026-11-02"), access.scope(OFFICER, "data-intake") as scope:
        from fairhold import intake

        school = ctf([pupil(1, BasicDetails__Ethnicity="WIRI")], at="2026-11-01T08:00:00")
        intake.ingest(scope, offered=intake.offer([("school", school)], scope))
    one = header("77", UPN=number, DOB="01/03/2014", ETHNIC="")
    made.deliver(table("Header", one), table("Episodes", episode("77")), day="2026-11-10")
    with at("2026-11-10", 10), access.scope(OFFICER, "record-matching") as scope:
        identity.link_all(scope)
    frozen = made.frozen()
    assert (frozen.build.links, b"WIRI" in exported(frozen.id).data) == (1, True)
    with at("2026-11-15"), access.scope(OFFICER, "record-matching") as scope:
        (link,) = [row["id"] for row in scope.rows("select id from people.link")]
        undone = identity.undo(scope, link=link, reason="Two children after all.")
    assert [built.sentence for built in undone.built] == [
        "Version 1 of ssda903 2027 holds a record of this child: see whether it took anything from the other."
    ]
    changed = table("Episodes", episode("77", LS="V2", DEC="01/10/2026", REC="E4A"))
    made.deliver(table("Header", {**one, "SEX": "M"}), changed, day="2026-11-16")
    later = made.build(day="2026-11-17")
    assert (later.sha256 != frozen.sha256, later.links) == (True, 0)
    found = recreated(frozen.id)
    assert (found.same, found.sha256) == (True, frozen.sha256)


@pytest.mark.proves("N042")
def test_an_item_refused_since_is_named_where_the_return_does_not_come_out_the_same(made: Return) -> None:
    made.deliver(table("Header", header("1", ETHNIC="WIRI")), table("Episodes", episode("1")))
    frozen = made.frozen()
    assert recreated(frozen.id).same
    with at("2026-12-01"), access.scope(OFFICER, "data-intake") as scope:
        child = scope.value("select subject_id from people.ethnicity")
        voluntary.refuse(scope, person=child, table="people.ethnicity", field="ethnicity")
    found = recreated(frozen.id)
    assert not found.same
    assert "refused since to give an item that is voluntary (ethnicity), and it was taken out" in found.sentence
    assert "The frozen bytes themselves are kept" in found.sentence


def test_what_was_disposed_of_is_not_made_again_and_the_register_remains(made: Return) -> None:
    made.children()
    frozen = made.frozen()
    with at("2033-04-01"), access.scope(access.Actor(21, "Made-up officer", "ig-officer"), "retention") as scope:
        vault.erase(scope, file=frozen.file_id)
    found = recreated(frozen.id, day="2033-04-02")
    assert (found.same, found.sha256) == (False, "")
    assert "disposed of" in found.sentence
    assert frozen.sha256 in found.sentence
    assert register_of()[0].counts == frozen.counts
    with pytest.raises(SubmissionError, match="cannot be taken out"):
        exported(frozen.id)


def test_a_record_that_is_gone_is_named_where_it_does_not_come_out_the_same(made: Return) -> None:
    made.children()
    frozen = made.frozen()
    with database.connect("owner") as owner:
        owner.execute("set role p_data_intake")
        owner.execute("delete from system.mention where subject_id = 2")
        owner.execute("delete from system.subject where id = 2")
    found = recreated(frozen.id)
    assert not found.same
    assert "the records of 1 of its children are no longer kept" in found.sentence


def test_the_official_form_is_a_file_a_table_and_all_as_one(made: Return) -> None:
    made.children()
    found = exported(made.frozen().id)
    with zipfile.ZipFile(io.BytesIO(found.data)) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == found.files
    assert found.files["episodes.csv"].startswith(b"CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,")
    assert found.owner == "Made-up Ade"


@pytest.mark.proves("N012", "N054")
def test_a_return_with_a_restricted_child_is_taken_out_by_whoever_may_see_it(made: Return) -> None:
    made.children()
    frozen = made.frozen()
    with database.connect("owner") as owner:
        owner.execute("set role p_data_intake")
        owner.execute("select system.raise_guard(array[1], array[2]::smallint[])")
    with pytest.raises(access.Refused, match="1 restricted children and 0 protected addresses, which your purpose"):
        exported(frozen.id)
    assert exported(frozen.id, WORKER, "safeguarding").data
    with at("2026-11-20"), access.scope(ADE, RETURNS) as scope:
        assert tracing.trace(scope, build=frozen.build.id, table="Header", row=2)
        with pytest.raises(SubmissionError, match="no row 1 of Header that your purpose may see"):
            tracing.trace(scope, build=frozen.build.id, table="Header", row=1)


@pytest.mark.proves("N132")
def test_the_channel_and_the_receipt_of_the_portal_are_kept_with_the_version(made: Return, ask: Ask) -> None:
    made.children()
    frozen = made.frozen()
    with at("2026-11-16"), made.analyst() as scope:
        found = receipts.receipt(
            scope, submission=frozen.id, reference="COL-2027/0042", on=date(2026, 11, 15), answer=b"%PDF made up"
        )
    (one,) = found.receipts
    assert (one.channel, one.reference, one.received_on) == ("collect", "COL-2027/0042", date(2026, 11, 15))
    assert one.file_id is not None
    for actor, purpose in ((BEA, RETURNS), (WORKER, "safeguarding")):
        with access.scope(actor, purpose) as scope:
            assert vault.open(scope, one.file_id) == b"%PDF made up"
    assert ask("select retention, due from system.vault_file where id = %s", one.file_id) == [("RT29", frozen.due)]


@pytest.mark.proves("N130", "N134")
def test_what_was_taken_out_stands_in_the_log_of_disclosures_with_its_law_items_and_children(
    made: Return, ask: Ask
) -> None:
    made.children()
    frozen = made.frozen()
    exported(frozen.id)
    listed = "select recipient, law, basis, children, reference, arrived_on, items from system.disclosure"
    [(recipient, law, basis, children, reference, arrived, items)] = ask(listed)
    assert (recipient, basis, children, reference, arrived) == ("dfe", ["LB04"], 2, None, None)
    assert law.startswith("Children Act 1989 s83(3)")
    assert "Episodes: DECOM" in items
    with at("2026-11-16"), made.analyst() as scope:
        receipts.receipt(scope, submission=frozen.id, reference="COL-2", on=date(2026, 11, 15))
    [(*_, reference, arrived, _)] = ask(listed)
    assert (reference, arrived) == ("COL-2", date(2026, 11, 15))
    assert ask("select subject_id, guard, care from system.disclosure_child order by 1") == [(1, 0, True), (2, 0, True)]


@pytest.mark.proves("N132")
def test_a_receipt_that_cannot_be_is_refused(made: Return) -> None:
    made.children()
    frozen = made.frozen()
    plain: dict[str, object] = {"reference": "COL-1", "on": date(2026, 11, 15)}
    for given, why in (
        ({"channel": "email"}, "no channel to the collector"),
        ({"reference": "Dear child"}, "portal's reference"),
        ({"on": date(2026, 11, 12)}, "between that of freezing"),
        ({"on": date(2026, 11, 17)}, "between that of freezing"),
        ({"answer": b""}, "empty or larger"),
    ):
        with at("2026-11-16"), made.analyst() as scope, pytest.raises(SubmissionError, match=why):
            receipts.receipt(scope, submission=frozen.id, **{**plain, **given})  # type: ignore[arg-type]
    assert register_of()[0].receipts == ()


@pytest.mark.proves("N056")
def test_the_year_s_collections_say_what_is_frozen_and_what_was_sent(made: Return) -> None:
    def told() -> str:
        with at("2026-11-25"), made.analyst() as scope:
            [one] = [one for one in collections.collections(scope, year=2027) if one.collection.name == "ssda903"]
        return one.sentence

    made.children()
    frozen = made.frozen()
    assert told() == "Version 1 is frozen and waits for the portal's receipt."
    with at("2026-11-16"), made.analyst() as scope:
        receipts.receipt(scope, submission=frozen.id, reference="COL-1", on=date(2026, 11, 15))
    assert told() == "Version 1 was sent; receipt COL-1 of 2026-11-15."
    made.deliver(table("Header", header("1", ETHNIC="BAFR"), header("2")), day="2026-11-20")
    assert told() == "A file came after version 1 was frozen: see whether another is due."


def test_last_years_tables_beside_a_build_are_those_that_were_frozen(made: Return, ask: Ask) -> None:
    """The delivered file of last year is older than the version that was sent, and gives way to it."""
    rows = table("Header", header("1", SEX="M")), table("Episodes", episode("1"))
    made.deliver(*rows, year="2026")
    with at("2026-11-10", 12), made.analyst() as scope:
        number = builds.build(scope, name="ssda903", year=2026, la=LA["ssda903"])
        last = next(one for one in builds.builds(scope) if one.id == number)
    made.explain(last)
    for actor in (ADE, BEA):
        with at("2026-11-10", 14), access.scope(actor, RETURNS) as scope:
            signing.sign(scope, build=last.id, note="Read and compared.")
    with at("2026-11-10", 15), made.analyst() as scope:
        freezing.freeze(scope, build=last.id)
    made.deliver(table("Header", header("1", SEX="F")), year="2026", day="2026-11-11")
    made.deliver(table("Header", header("1", SEX="F")), table("Episodes", episode("1")), day="2026-11-11")
    build = made.build(day="2026-11-12")
    assert ask("select findings from system.return_run_rule where run_id = %s and rule = '202'", build.run_id) == [(1,)]


def test_a_number_that_nobody_gave_out_is_a_sentence(made: Return) -> None:
    for act in (recreating.recreate, exporting.export):
        with made.analyst() as scope, pytest.raises(PlainError, match="no frozen return 7"):
            act(scope, submission=7)
    with made.analyst() as scope, pytest.raises(PlainError, match="no build 7"):
        signing.sign(scope, build=7, note="x")
