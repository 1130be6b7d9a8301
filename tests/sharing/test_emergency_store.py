"""Emergencies with the store: the record's values, the spool taken in once, the second look; and what is not told."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from fairhold import access, governance, ledger, policy, work
from fairhold.access import accounts
from fairhold.engine import database
from fairhold.errors import Kept
from fairhold.sharing import declined, emergency, known, known_second, parties, proposing
from fairhold.sharing.emergency import EmergencyError, Override, reviewing, spool, storing, taking_in
from fairhold.sharing.known import Asked, Says
from fairhold.sharing.requesting import Asking
from fairhold.sharing.shares import NothingAllowed
from tests.sharing.conftest import CHILDREN, FIRST_IG, SECOND_IG, TODAY, YOUTH, as_ig, as_youth
from tests.sharing.test_emergency import facts

SOCIAL = access.Actor(21, "Made-up social worker", "social-worker")


def as_social() -> AbstractContextManager[access.Scope]:
    return access.scope(SOCIAL, "safeguarding")


@pytest.fixture
def home(borough: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAIRHOLD_SPOOL", str(tmp_path / "spool"))
    return tmp_path / "spool"


def tell(actor_scope: Any = as_youth, **changes: Any) -> emergency.Told:
    with actor_scope() as scope:
        return emergency.tell(scope, facts=facts(**changes))


@pytest.mark.proves("N091")
def test_the_record_gives_the_values_and_adds_the_protection_nobody_typed(home: Path, borough: dict[str, int]) -> None:
    blank = {"name": "", "date_of_birth": "", "address": ""}
    told = tell(child={"person": borough["objects"]}, tell=blank)
    assert set(told.values) == set(blank)
    assert told.values["date_of_birth"] == "2009-07-07"
    assert "Nowhere Road" in told.values["address"]
    hidden = tell(child={"person": borough["protected"]}, tell=blank | {"address": "typed"}, address_protected="no")
    assert set(hidden.values) == {"name", "date_of_birth"}
    described = CHILDREN["protected"][0]
    surname = hidden.values["name"].split()[-1]
    again = tell(child={"name": surname, "date_of_birth": described}, tell={"address": "typed"})
    assert again.number is None
    over = Override("Made-up: the father is on his way.", "Pat Second").__dict__
    both = tell(child={"name": surname, "date_of_birth": described}, tell={"address": "typed"}, override=over)
    assert both.values == {"address": "typed"}
    kinds = [event.kind for event in ledger.newest(limit=20)]
    assert kinds.count("emergency.tell") == 4
    with as_ig() as scope:
        assert [one.reason for one in declined.declined(scope)] == [again.judgement.refused[0].reason]
        log = scope.rows("select source, way, items from system.disclosure order by id")
        assert [row["source"] for row in log] == ["emergency 1", "emergency 2", "emergency 3"]
        assert {row["way"] for row in log} == {"protect"}
        reviews = [item for item in work.items(scope) if item.kind == "emergency.review"]
    assert [(item.link, item.due) for item in reviews] == [
        (f"/shares/emergency/{number}/", date(2026, 11, 26)) for number in (1, 2, 3)
    ]  # two working days after a Tuesday


def test_a_record_this_purpose_does_not_open_is_described_instead(home: Path, borough: dict[str, int]) -> None:
    with pytest.raises(EmergencyError, match="describe the child"):
        tell(child={"person": 9999})
    with pytest.raises(EmergencyError, match="type in the value of name"):
        tell(as_ig, child={"person": borough["objects"]}, tell={"name": ""})
    assert tell(as_ig).number == 1


@pytest.mark.proves("N091")
def test_somebody_else_looks_at_it_once_and_wrong_is_a_breach(home: Path) -> None:
    number = tell(as_ig, override={"reason": "Made-up.", "second": SECOND_IG.name}, tell={"health_condition": "asthma"})
    assert number.number == 1
    for person, says in ((FIRST_IG, "You told this"), (SECOND_IG, "stood by it")):
        with as_ig(person) as scope, pytest.raises(EmergencyError, match=says):
            emergency.review(scope, number=1, right=True, note="Mine.")
    with as_ig() as scope, pytest.raises(Exception, match="violates check constraint"):
        scope.run("update system.emergency set reviewed_by = told_by, reviewed_at = now(), was_right = true")
    with as_youth() as scope:
        assert emergency.emergencies(scope) == []
        with pytest.raises(EmergencyError, match="not yours to see"):
            emergency.shown(scope, number=1)
    with as_social() as scope:
        with pytest.raises(EmergencyError, match="on what your judgement"):
            emergency.review(scope, number=1, right=False, note=" ")
        found = emergency.review(scope, number=1, right=False, note="Asthma was not needed (made up).")
        assert (found.was_right, found.waits) == (False, False)
        with pytest.raises(EmergencyError, match="looked at this already"):
            emergency.review(scope, number=1, right=True, note="But.")
    with as_ig() as scope:
        [breach] = [item for item in work.items(scope) if item.room == "sharing"]
        assert (breach.kind, breach.due) == ("breach.assess", TODAY + timedelta(days=3))


def spooled(*changes: dict[str, Any]) -> None:
    for one in changes:
        emergency.write_down(facts(**one), teller="made-up-user", why="The database does not answer.")


@pytest.mark.proves("N091")
@pytest.mark.parametrize("step", ["before the store", "in the store", "before the commit", "before the files go"])
def test_the_spool_is_taken_in_once_wherever_it_is_killed(
    home: Path, borough: dict[str, int], step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    born = CHILDREN["protected"][0]
    with as_social() as scope:
        name = scope.value("select surname from people.name where subject_id = %s", (borough["protected"],))
    spooled({}, {"recipient": "dfe"}, {"child": {"name": name, "date_of_birth": born}})

    class Killed(BaseException):
        pass

    def killed(*args: object, **kwargs: object) -> None:
        raise Killed

    where = {
        "before the store": (storing, "keep"),
        "in the store": (storing, "_to_review"),
        "before the commit": (access.Scope, "record"),
        "before the files go": (spool, "remove"),
    }[step]
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(*where, killed)
        emergency.take_in(SOCIAL, "safeguarding")
    assert len(spool.pending()) == 3
    found = emergency.take_in(SOCIAL, "safeguarding")
    assert (len(found.done), found.wrong) == (3, ())
    assert found.new == (0 if step == "before the files go" else 2)
    assert spool.pending() == []
    assert emergency.take_in(SOCIAL, "safeguarding").done == ()
    with as_ig() as scope:
        told = emergency.emergencies(scope)
        assert [(one.teller, one.told_by, one.guard) for one in told] == [
            ("made-up-user", None, guard) for guard in (1, 0)
        ]
        assert [one.recipient for one in declined.declined(scope)] == ["dfe"]
        breaches = [item.title for item in work.items(scope) if item.kind == "breach.assess"]
        assert breaches == [f"Assess a breach in emergency {told[0].id}: an address was told that is protected"]
        assert scope.value("select count(*) from system.disclosure") == 2
    spooled({})
    assert emergency.take_in(SOCIAL, "safeguarding").wrong == ()


def test_the_system_s_user_is_known_as_the_account_after_taking_in(home: Path) -> None:
    number = accounts.add_made_up(name="Pat Teller", login="pat", role_slug="ig-officer", os_user="made-up-user")
    spooled({"address_protected": "yes", "override": {"reason": "Made-up.", "second": "pat teller"}})
    emergency.take_in(SOCIAL, "safeguarding")
    with as_ig(access.Actor(number, "Pat Teller", "ig-officer")) as scope:
        [told] = emergency.emergencies(scope)
        assert told.told_by == number
        with pytest.raises(EmergencyError, match="You told this"):
            emergency.review(scope, number=told.id, right=True, note="Mine.")
        [breach] = [item.title for item in work.items(scope) if item.kind == "breach.assess"]
        assert breach == f"Assess a breach in emergency {told.id}: the second person named is the one who told it"


def test_an_entry_that_is_missing_or_changed_is_told_and_does_not_stop_the_others(home: Path) -> None:
    spooled({}, {}, {}, {})
    first, second, third, last = spool.pending()
    (home / second.name).unlink()
    (home / third.name).write_bytes(b"made up")
    (home / last.name).unlink()
    found = emergency.take_in(SOCIAL, "safeguarding")
    assert found.done == (first,)
    assert [one.split(":")[0] for one in found.wrong] == [
        "Entry 3 of the spool was changed, or was sealed to another key",
        "The last entry written to the spool is missing",
    ]
    assert spool.pending() == [third]
    assert reviewing.REVIEWERS
    assert taking_in.TakenIn((), 0, ()).new == 0


def test_an_officer_tightens_the_days_and_who_may_learn_that_a_child_is_known(
    home: Path, borough: dict[str, int]
) -> None:
    person = borough["objects"]
    with as_social() as scope:
        assert known.known(scope, asked=asked(), person=person) is Says.NOT_KNOWN
    with as_ig() as scope:
        for file, key, cells in (
            ("policy_terms", "emergency-review", {"days": "1"}),
            ("policy_known", "health social_care", {"purposes": ""}),
        ):
            policy.change(
                scope, file=file, key=key, cells=cells, begins=TODAY, until=None, reason="Made-up.", only_tighter=True
            )
    tell()
    with as_ig() as scope:
        assert [one.review_by for one in emergency.emergencies(scope)] == [TODAY + timedelta(days=1)]
    with as_social() as scope:
        assert known.known(scope, asked=asked(), person=person) is Says.NOT_SAID


def test_what_was_told_is_logged_even_when_no_row_here_names_a_law_any_more(home: Path) -> None:
    with as_ig() as scope:
        [row] = [row for row in policy.book(scope).on("policy_law", TODAY.isoformat()) if row["key"] == "protect"]
        for law in row["lawful_bases"].split():
            policy.change(
                scope, file="lawful_bases", key=law, cells={"commenced": "no"}, begins=TODAY, until=None,
                reason="Made-up.", only_tighter=True,
            )  # fmt: skip
    assert tell().number == 1
    with as_ig() as scope:
        assert scope.value("select basis from system.disclosure") == row["lawful_bases"].split()


def test_a_child_who_was_only_described_is_found_later(home: Path, borough: dict[str, int]) -> None:
    assert tell().number == 1
    with as_social() as scope:
        for number, person, says in ((9, 1, "no such emergency"), (1, 9999, "no such child")):
            with pytest.raises(EmergencyError, match=says):
                emergency.find_child(scope, number=number, person=person)
        found = emergency.find_child(scope, number=1, person=borough["protected"])
        assert (found.subject_id, found.guard) == (borough["protected"], 1)
        assert scope.value("select count(*) from system.emergency_field where guard = 1") == 3
        with pytest.raises(EmergencyError, match="known already"):
            emergency.find_child(scope, number=1, person=1)
    with as_ig() as scope:
        [item] = [item for item in work.items(scope) if item.kind == "breach.assess"]
        assert item.title == "Assess a breach in emergency 1: an address was told that is protected"
        assert scope.value("select count(*) from system.disclosure_child") == 1


def test_a_decision_not_to_tell_is_kept_by_itself_and_stands_with_the_child(
    home: Path, borough: dict[str, int]
) -> None:
    whole = {"recipient": "charity", "organisation": "Made-up charity", "fields": ["address"], "reason": "No need."}
    with as_youth() as scope:
        for part, says in (("organisation", "Say which body"), ("reason", "Say why"), ("fields", "Say what")):
            with pytest.raises(Exception, match=says):
                declined.decline(scope, **whole | {part: type(whole[part])()})
        declined.decline(scope, **whole, person=borough["objects"])
        with pytest.raises(Exception, match="no such child"):
            declined.decline(scope, **whole, person=99999)
        [found] = declined.declined(scope, person=borough["objects"])
        assert (found.by, found.reason, found.decided_by) == ("person", "No need.", YOUTH.id)
        assert declined.declined(scope, person=borough["own consent"]) == []


def test_a_request_of_which_nothing_is_allowed_is_kept_with_its_rules(home: Path, registered: int) -> None:
    with as_ig() as scope:
        parties.suspend(scope, agreement=1, suspended=True)
    asking = Asking(registered, "Made-up: they help young people stay in learning.", "right-service")
    with pytest.raises(Kept, match="The agreement is on hold"), as_youth() as scope:
        proposing.propose(scope, asking=asking)
    with as_ig() as scope:
        assert declined.declined(scope) == []  # that scope ended in the fault; pages and commands commit before it
    with as_youth() as scope, pytest.raises(NothingAllowed):
        proposing.propose(scope, asking=asking)
    with as_ig() as scope:
        [found] = declined.declined(scope)
        assert (found.by, found.organisation, found.rules) == ("gate", "Made-up youth service", ("R08.suspended",))
        assert "on hold" in found.reason


def asked(**changes: str) -> Asked:
    return Asked(**{
        "recipient": "health", "organisation": "Made-up ward", "service": "social_care", "purpose": "safeguarding",
        "need": "Made-up.", "reference": "R1", "officer": "PC 1", "power": "a power", **changes,
    })  # fmt: skip


@pytest.mark.proves("N090")
def test_both_evaluations_say_the_same_of_known_for_every_body_service_and_purpose() -> None:
    """Default deny: three rows, each with its purpose, what its body must show, and a law that has begun."""
    book = governance.shipped()
    day = "2026-11-24"
    bodies = [row["slug"] for row in book.rows["policy_recipients"]]
    opened = set()
    cases = product([*bodies, "strange"], ("social_care", "early_help", ""), ("safeguarding", "research"), ("", "x"))
    for body, service, purpose, shown in cases:
        one = asked(recipient=body, service=service, purpose=purpose, reference=shown, power=shown)
        first = known.may_say(one, book, day)
        assert first == known_second.may_say(vars(one), book, day), one
        if first:
            opened.add((body, service, purpose, shown))
    told = {(body, "social_care", "safeguarding", "x") for body in ("health", "police", "other-council")}
    assert opened == told | {("other-council", "social_care", "safeguarding", "")}
    for changes in ({"need": " \u200b"}, {"need": "\n"}):
        assert not known.may_say(asked(**changes), book, day)
        assert not known_second.may_say(vars(asked(**changes)), book, day)
    shut = book.with_rows([
        ("policy_known", {**book.rows["policy_known"][0], "purposes": "", "from": day}),
        *(("lawful_bases", {**row, "commenced": "no", "from": day}) for row in book.rows["lawful_bases"]),
    ])  # fmt: skip
    for body in ("health", "police"):
        for on, said in (("2026-11-23", True), (day, False)):
            assert known.may_say(asked(recipient=body), shut, on) is said
            assert known_second.may_say(vars(asked(recipient=body)), shut, on) is said


@pytest.mark.proves("N090")
def test_we_do_not_say_is_one_answer_whatever_stands_behind_it(home: Path, borough: dict[str, int]) -> None:
    person = borough["own consent"]
    with database.connect("owner") as owner:
        owner.execute("alter table social_care.need_episode no force row level security")
        owner.execute(
            "insert into social_care.need_episode (subject_id, known_from, delivery_id, fingerprint)"
            " values (%s, now(), 1, '\\x00')",
            (person,),
        )
        owner.execute("alter table social_care.need_episode force row level security")
    with as_social() as scope:
        says = [
            known.known(scope, asked=one, person=whom)
            for one, whom in (
                (asked(), person),
                (asked(), borough["objects"]),
                (asked(), None),
                (asked(), 99999),
                (asked(recipient="charity"), person),
                (asked(recipient="police", power=""), person),
            )
        ]
        assert says == [Says.KNOWN, Says.NOT_KNOWN, *[Says.NOT_SAID] * 4]
        assert scope.value("select count(*) from system.share_declined") == 4
    with database.connect("owner") as owner:
        owner.execute("alter table people.name no force row level security")
        owner.execute("update people.name set guard = 2 where subject_id = %s", (person,))
        owner.execute("alter table people.name force row level security")
    with as_social() as scope:
        assert known.known(scope, asked=asked(), person=person) is Says.NOT_SAID  # a restricted record
    with as_ig() as scope:
        assert scope.value("select count(*) from system.disclosure where kind = 'known'") == 2
