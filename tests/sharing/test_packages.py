"""Ways out beside SFTP, rows without names, and what is owed to a recipient after a file has left."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold import access, formats, intake, ledger, work
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.release.domain import safe, shown
from fairhold.sharing import (
    collecting,
    deletions,
    handing,
    keys,
    package,
    parties,
    proposing,
    pseudonyms,
    queries,
    recalls,
    sending,
    tracing,
    withdrawn,
)
from fairhold.sharing.agreements import Terms
from fairhold.sharing.collecting import Outcome
from fairhold.sharing.forms import Row
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import ShareError, State
from tests.intake import made
from tests.sharing.conftest import CHILDREN, FIRST_IG, SECOND_IG, TODAY, YOUTH, as_ig, as_youth, new_partner, register
from tests.sharing.test_share_flow import approve, packed, propose, received, send

ANALYST = access.Actor(31, "Made-up analyst", "analyst")
KEY = "bWFkZS11cCBrZXkgb2YgMzIgYnl0ZXMgZm9yIHRlc3Q="


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_PSEUDONYM_KEY", KEY)


@pytest.fixture
def waiting(registered: int) -> int:
    """A packed share of the recipient that is to be fetched with a code."""
    share = propose(registered, channel="portal")
    approve(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    return share


def offered(share: int) -> collecting.Offer:
    with as_youth() as scope:
        return collecting.offer(scope, share=share)


def fetch(number: str, code: str) -> collecting.Attempt:
    with access.scope(collecting.NOBODY, collecting.PURPOSE) as scope:
        return collecting.collect(scope, number=number, code=code)


def to_do(kind: str) -> list[str]:
    with as_ig() as scope:
        return [item.title for item in work.items(scope) if item.kind == kind]


@pytest.mark.proves("N082")
def test_a_code_hands_over_the_same_sealed_package_once_and_a_second_use_is_told(
    waiting: int, partner: MadeUpPartner
) -> None:
    with as_youth() as scope, pytest.raises(ShareError, match="offer it with a code"):
        sending.send(scope, share=waiting)
    with as_youth() as scope, pytest.raises(ShareError, match="goes by itself"):
        handing.take(scope, share=waiting)
    offer = offered(waiting)
    got = fetch(offer.number, offer.code.upper())
    assert (got.outcome, got.name) == (Outcome.FETCHED, f"fairhold-share-{waiting:06d}.zip.age")
    opened = package.opened(got.data, partner.identity, keys.ours().signing, on=TODAY)
    assert opened.manifest["decision"] == waiting
    kinds = [event.kind for event in ledger.newest(limit=6)]
    assert kinds.index("shares.collect") < kinds.index("shares.leaving")
    with as_youth() as scope:
        assert queries.share(scope, waiting).state is State.SENT
        kept = scope.one("select * from system.share_collection")
        assert kept is not None
    assert offer.code.encode() not in bytes(kept["code"])
    again = fetch(offer.number, offer.code)
    assert (again.outcome, again.data) == (Outcome.USED, b"")
    assert to_do("share.collect") == [
        f"The package of share {waiting} was asked for a second time with the right code: ask the recipient"
    ]


@pytest.mark.parametrize(
    ("wrong", "later", "suspended", "renewed", "told"),
    [
        (0, timedelta(0), False, False, Outcome.FETCHED),
        (4, timedelta(0), False, False, Outcome.FETCHED),
        (5, timedelta(0), False, False, Outcome.CLOSED),
        (0, timedelta(days=7, minutes=-1), False, False, Outcome.FETCHED),
        (0, timedelta(days=7), False, False, Outcome.LATE),
        (0, timedelta(0), True, False, Outcome.STOPPED),
        (0, timedelta(0), False, True, Outcome.LATE),
    ],
)
def test_what_becomes_of_a_code(
    waiting: int, wrong: int, later: timedelta, suspended: bool, renewed: bool, told: Outcome
) -> None:
    offer = offered(waiting)
    for _ in range(wrong):
        assert fetch(offer.number, "a" * 20).outcome is Outcome.WRONG
    assert fetch("0000 0000", offer.code).outcome is Outcome.WRONG
    if suspended:
        with as_ig() as scope:
            parties.suspend(scope, agreement=1, suspended=True)
    newer = offered(waiting) if renewed else None
    with clock.frozen(clock.now() + later):
        got = fetch(offer.number, offer.code)
    assert (got.outcome, bool(got.data)) == (told, told is Outcome.FETCHED)
    assert bool(to_do("share.collect")) == (wrong == 5)
    if newer:
        assert fetch(newer.number, newer.code).outcome is Outcome.FETCHED


def test_what_goes_by_hand_is_taken_and_its_receipt_is_kept(borough: dict[str, int], partner: MadeUpPartner) -> None:
    number = register(new_partner(partner))
    share = propose(number)
    approve(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    with database.connect("owner") as owner:
        owner.execute("update system.share set channel = 'secure-mail'")
    with as_youth() as scope:
        with pytest.raises(ShareError, match="not one to be fetched"):
            collecting.offer(scope, share=share)
        name, data = handing.take(scope, share=share)
        assert package.opened(data, partner.identity, keys.ours().signing, on=TODAY).manifest["decision"] == share
        assert name.endswith(".zip.age")
        with pytest.raises(ShareError, match="what the receipt is"):
            handing.handed(scope, share=share, receipt=" ")
        handing.handed(scope, share=share, receipt="Receipt 17 (made up)")
        assert queries.share(scope, share).state is State.SENT
        notices = recalls.recall(scope, share=share, action="delete", reason="Made up.")
        assert notices.arrived_at is None
        assert json.loads(keys.decrypt(recalls.take(scope, recall=notices.id)[1], partner.identity))["signature"]
    assert to_do("share.recall") == [
        f"Notice {notices.id} about share {share} did not arrive: send it again, or take it there"
    ]
    with as_ig() as scope:
        assert recalls.acknowledge(scope, recall=notices.id).arrived_at is not None
    assert to_do("share.recall") == []


@pytest.mark.proves("N133", "N118")
def test_the_manifest_says_form_marking_and_retention_and_tells_of_no_small_group(
    borough: dict[str, int], partner: MadeUpPartner
) -> None:
    number = register(new_partner(partner))
    with as_ig() as scope:
        scope.run("update system.share_agreement set keeps_to_age = 25 where id = 1")
    share = propose(number, form="xlsx")
    approve(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    send(share)
    got = received(partner, share)
    assert got.name == "rows.xlsx"
    told = {name: got.manifest[name] for name in ("flow", "form", "marking", "keep", "delete_by", "fields")}
    assert told == {
        "flow": "youth-list",
        "form": "xlsx",
        "marking": "OFFICIAL-SENSITIVE",
        "keep": "until 25 (made up)",
        "delete_by": "2038-12-31",  # the youngest of the list is 25 in 2038
        "fields": ["name", "address", "date_of_birth", "school", "year_group"],
    }
    with as_youth() as scope:
        refused = "select rule, count(*) as n from system.share_decision where not allowed group by rule"
        counts = {row["rule"]: row["n"] for row in scope.rows(refused)}
    with as_ig() as scope:
        traced = tracing.trace_file(scope, data=got.rows)
    assert (traced.share, traced.cells, traced.unexplained, traced.values_read) == (share, 25, 0, True)
    assert counts["R15.address"] == 1
    assert got.manifest["refused"] == {rule: shown(safe(n)) for rule, n in counts.items()}
    with as_youth() as scope, clock.frozen(date(2038, 12, 30)):
        asked = deletions.of_share(scope, share=share)
        assert asked is not None
        assert asked.confirmed_at is None
    with clock.frozen(date(2038, 12, 30)), as_ig() as scope:
        assert deletions.due(scope) == []
    with clock.frozen(date(2038, 12, 31)):
        with as_ig() as scope:
            assert [one.share for one in deletions.due(scope)] == [share]
        assert len(to_do("share.deletion")) == 1
        with as_ig() as scope:
            with pytest.raises(ShareError, match="how the recipient confirmed"):
                deletions.confirm(scope, share=share, said_so="")
            deletions.confirm(scope, share=share, said_so="Its letter of 31 December 2038 (made up).")
            assert deletions.due(scope) == []
            with pytest.raises(ShareError, match="no deletion to confirm"):
                deletions.confirm(scope, share=share, said_so="Again.")
        assert to_do("share.deletion") == []


@pytest.mark.parametrize("terms", [Terms(keeps_days=0), Terms(keeps_to_age=101), Terms(keeps_days=1, keeps_to_age=25)])
def test_how_long_it_is_kept_is_counted_one_way(terms: Terms) -> None:
    with pytest.raises(ShareError, match="either in days or as a birthday"):
        terms.check_keeping()


@pytest.mark.proves("N118")
def test_everybody_who_has_a_value_is_told_once_and_who_does_not_answer_is_asked(
    registered: int, partner: MadeUpPartner, borough: dict[str, int]
) -> None:
    first, second = packed(registered), packed(registered)
    send(first)
    send(second)
    person = borough["thirteen"]
    with as_youth() as scope:
        notices = recalls.everyone(scope, person=person, action="correct", reason="Made up.", fields=["address"])
        assert {one.share for one in notices} == {first, second}
        assert all(one.arrived_at and one.fields == ("address",) and len(one.lines) == 1 for one in notices)
        assert recalls.everyone(scope, person=person, action="correct", reason="Again.", fields=["address"]) == []
        assert recalls.everyone(scope, person=person, action="correct", reason="Never sent.", fields=["school"]) == []
        assert len(recalls.everyone(scope, person=person, action="delete", reason="Made up.")) == 2
        assert recalls.everyone(scope, person=person, action="correct", reason="All is deleted.") == []
        assert recalls.everyone(scope, person=borough["objects"], action="delete", reason="Never sent.") == []
        with pytest.raises(ShareError, match="and why"):
            recalls.everyone(scope, person=person, action="correct", reason="")
    sealed = (partner.inbox / recalls.notice_name(notices[0].id)).read_bytes()
    notice = package.notice_opened(sealed, partner.identity, keys.ours().signing)
    assert (notice["fields"], notice["rows"]) == (["address"], list(notices[0].lines))
    with clock.frozen(TODAY + timedelta(days=14)), as_ig() as scope:
        assert len(recalls.notices(scope)) == 4
    assert len(to_do("share.recall")) == 4


@pytest.mark.proves("N118")
def test_a_value_that_was_corrected_since_is_found_and_what_ages_by_itself_is_not(
    registered: int, borough: dict[str, int]
) -> None:
    share = packed(registered)
    send(share)
    person = borough["own consent"]
    with as_youth() as scope:
        assert withdrawn.corrections_due(scope) == []
    changed = {"Surname": "Corrected", "BasicDetails__NCyearActual": "8", "Address__PostCode": "E17 0ZZ"}
    number = list(CHILDREN).index("own consent") + 1
    pupil = made.pupil(number, DOB=CHILDREN["own consent"][0], **changed)
    with access.scope(access.Actor(1, "Made-up officer", "data-officer"), "data-intake") as scope:
        file = made.ctf([pupil], at="2026-11-23T08:00:00")
        intake.ingest(scope, offered=intake.offer([("newer", file)], scope))
    with as_youth() as scope:
        [due] = withdrawn.corrections_due(scope)
        assert (due.person, due.fields) == (person, ("name",))
        assert [item.title for item in work.items(scope) if item.kind == "share.correction"] == [
            f"Tell the recipient of share {share} that 1 rows were corrected"
        ]
        recalls.everyone(scope, person=person, action="correct", reason="A name (made up).", fields=due.fields)
        assert withdrawn.corrections_due(scope) == []


def test_two_records_joined_since_are_one_child_on_two_rows(registered: int, borough: dict[str, int]) -> None:
    share = packed(registered)
    send(share)
    one, other = borough["parent's consent"], borough["own consent"]
    with database.connect("owner") as owner:
        owner.execute("update people.birth set date_of_birth = '2009-05-05' where subject_id = %s", (one,))
        owner.execute("insert into people.membership values (%s, %s), (%s, %s)", (one, other, other, other))
    with as_youth() as scope:
        lines = queries.open_lines(scope, share)
        found = withdrawn.corrections_due(scope)
    assert {due.person for due in found} == {other}
    assert {due.line: set(due.fields) & {"date_of_birth"} for due in found}[lines[one]] == {"date_of_birth"}


@given(st.binary(min_size=32, max_size=32), st.integers(1, 99), st.text(max_size=4), st.integers(1, 10**9))
def test_a_pseudonym_is_stable_for_one_recipient_and_purpose_and_another_for_any_other(
    salt: bytes, recipient: int, purpose: str, subject: int
) -> None:
    word = pseudonyms.word(salt, recipient, purpose, subject)
    assert word == pseudonyms.word(salt, recipient, purpose, subject)
    assert len(word) == 16
    assert str(subject) not in word or subject < 1000
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIRHOLD_PSEUDONYM_KEY", KEY[::-1].replace("=", "", 1) + "=")
        other_key = pseudonyms.word(salt, recipient, purpose, subject)
    others = [
        pseudonyms.word(salt[1:] + b"x", recipient, purpose, subject) if salt[-1:] != b"x" else "",
        pseudonyms.word(salt, recipient + 1, purpose, subject),
        pseudonyms.word(salt, recipient, purpose + "x", subject),
        pseudonyms.word(salt, recipient, purpose, subject + 1),
        other_key,
    ]
    assert word not in others
    assert len(set(others)) == len(others)


def test_the_order_of_rows_tells_nothing_and_is_the_same_each_time() -> None:
    rows = [Row(number, {}, frozenset()) for number in range(50)]
    orders = [[row.subject for row in pseudonyms.shuffled(rows, share)] for share in range(20)]
    assert orders[3] == [row.subject for row in pseudonyms.shuffled(rows[::-1], 3)]
    assert len({tuple(order) for order in orders}) == 20
    first = [order.index(0) for order in orders]
    assert max(first) - min(first) > 20  # no child stands at the head or the foot of every file


@pytest.fixture
def research(borough: dict[str, int], partner: MadeUpPartner) -> int:
    """A research body with its agreement."""
    body = new_partner(partner, kind="research")
    with as_ig() as scope:
        number = parties.add_partner(scope, body=body)
    with as_ig(SECOND_IG) as scope:
        parties.confirm_partner(
            scope,
            partner=number,
            age_fingerprint=keys.age_fingerprint(body.age_key),
            host_fingerprint=keys.host_fingerprint(body.endpoint.host_key),
        )
        parties.add_agreement(
            scope,
            partner=number,
            from_date=date(2026, 1, 1),
            to_date=date(2027, 1, 1),
            keeps="two years (made up)",
            terms=Terms(keeps_days=730),
        )
    return number


def for_research(partner: int, **changes: Any) -> int:
    asking = Asking(partner, "Study how attendance changes (made up).", "plan-and-improve", **changes)
    with access.scope(ANALYST, "research") as scope:
        share = proposing.propose(scope, asking=asking).id
    with as_ig(FIRST_IG) as scope:
        proposing.judge(scope, share=share, approves=True, note="Made-up check.")
    with access.scope(ANALYST, "research") as scope:
        sending.pack(scope, share=share)
        assert sending.send(scope, share=share)["arrived"]
    return share


@pytest.mark.proves("N146")
def test_rows_for_research_name_nobody_and_keep_one_word_a_child_until_it_is_renewed(
    research: int, partner: MadeUpPartner, borough: dict[str, int]
) -> None:
    def rows(share: int) -> dict[str, dict[str, str]]:
        text = received(partner, share).rows.decode()
        return {row["pseudonym"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}

    first, second = rows(for_research(research)), rows(for_research(research))
    assert first.keys() == second.keys()
    assert len(first) == len(borough)
    assert set(next(iter(first.values()))) <= {"pseudonym", "sex", "year_group", "attendance_band", "send_support"}
    with as_ig() as scope:
        pseudonyms.renew(scope, partner=research, purpose="research")
        with pytest.raises(ShareError, match="nothing to renew"):
            pseudonyms.renew(scope, partner=research, purpose="youth-support")
    assert not first.keys() & rows(for_research(research)).keys()


def test_beside_a_pseudonym_no_name_goes_whatever_was_decided(research: int) -> None:
    row = Row(5, {"name": "Mia", "date_of_birth": "2012-01-01", "sex": "F"}, frozenset(pseudonyms.DIRECT | {"sex"}))
    with access.scope(ANALYST, "research") as scope:
        [told] = pseudonyms.instead_of_names(scope, [row], recipient=research, purpose="research")
    assert told.allowed == {"sex", "pseudonym"}
    assert told.values.keys() == {"sex", "pseudonym"}


@pytest.mark.proves("N140", "N081")
def test_the_next_school_gets_a_transfer_file_of_the_record_that_is_traced_wholly(
    borough: dict[str, int], partner: MadeUpPartner
) -> None:
    school = replace(new_partner(partner, kind="school"), organisation=made.SCHOOL)
    with as_ig() as scope:
        number = parties.add_partner(scope, body=school)
    with as_ig(SECOND_IG) as scope:
        prints = keys.age_fingerprint(school.age_key), keys.host_fingerprint(school.endpoint.host_key)
        parties.confirm_partner(scope, partner=number, age_fingerprint=prints[0], host_fingerprint=prints[1])
    asking = Asking(
        number,
        "Take the child on roll and place it in a year (made up).",
        "right-service",
        persons=[borough["own consent"]],
    )
    with access.scope(YOUTH, "missing-education") as scope:
        share = proposing.propose(scope, asking=asking).id
    approve(share)
    with access.scope(YOUTH, "missing-education") as scope:
        sending.pack(scope, share=share)
        _, data = handing.take(scope, share=share)  # the way of schools has no wire of ours
    opened = package.opened(data, partner.identity, keys.ours().signing, on=TODAY)
    assert opened.name == "rows.xml"
    [pupil] = [row.values for row in formats.open(opened.rows)]
    assert (pupil["UPN"], pupil["DOB"], pupil["Surname"]) == (made.upn(5), "2009-05-05", "SurnameE")
    with as_ig() as scope:
        traced = tracing.trace_file(scope, data=opened.rows)
    assert (traced.unexplained, traced.values_read) == (0, True)
