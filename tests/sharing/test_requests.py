"""Requests: who may ask for what, for whom and why; schedules; urgent stops; what a body asks by its own account."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from fairhold import access, governance, identity, intake, policy
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.sharing import (
    agreements,
    asked_outside,
    flows,
    linking,
    proposing,
    requesting,
    schedules,
    sending,
    stopping,
)
from fairhold.sharing.asked_outside import Answer, Question
from fairhold.sharing.requesting import Asking
from fairhold.sharing.schedules import Cadence, Standing
from fairhold.sharing.shares import ShareError, State
from tests.sharing.conftest import FIRST_IG, SECOND_IG, TODAY, YOUTH, as_ig, as_youth, new_partner, register

SOCIAL = access.Actor(21, "Made-up social worker", "social-worker")
OUTSIDE = access.Actor(31, "Made-up nurse", "partner")
NEED = "Keep the place of a pupil who moves (made up)."
NEVER = {
    "police", "immigration", "charity", "dfe", "ofsted", "health", "cafcass", "other-council", "placement-provider",
    "early-years-provider", "ap-provider",
}  # fmt: skip


def as_cme() -> AbstractContextManager[access.Scope]:
    return access.scope(YOUTH, "missing-education")


def as_partner(actor: access.Actor = OUTSIDE) -> AbstractContextManager[access.Scope]:
    return access.scope(actor, "partner-request")


def body(running: MadeUpPartner, kind: str, organisation: str, name: str = "Made-up body") -> int:
    """A registered body of a kind, confirmed, with an agreement."""
    made = new_partner(running, kind=kind)
    return register(type(made)(kind, f"{name} {kind}", organisation, made.endpoint, made.age_key))


# ------------------------------------------------------------------------------------------------- what is shipped


@pytest.mark.proves("N144", "N147")
def test_flows_name_only_what_policy_knows_and_fit_its_walls() -> None:
    book = governance.shipped()
    every = flows.in_book(book, "2026-11-24")
    known = {row["slug"]: row for row in book.on("policy_recipients", "2026-11-24")}
    purposes = {(row["purpose"], one) for row in book.on("policy_purposes", "2026-11-24") if row["when"] == "always"
                for one in row["recipients"].split()}  # fmt: skip
    ways = {row["channel"]: row["recipients"].split() for row in book.on("policy_channels", "2026-11-24")}
    opened = {}
    for row in book.on("policy_opens", "2026-11-24"):
        opened.setdefault(row["recipient"], set()).update(row["fields"].split())
    reasons = {row["reason"]: row for row in book.on("policy_reasons", "2026-11-24")}
    for flow in every.values():
        for kind in flow.recipients:
            assert (flow.purpose, kind) in purposes, flow
            assert all(kind in ways[channel] for channel in flow.channels), flow
            assert set(flow.fields) <= opened[kind], flow  # the least set asks for nothing the gate never opens
            assert not flow.schedule or known[kind]["schedule"] == "yes", flow
        assert all(reasons[one]["identified"] == "yes" or flow.pseudonyms for one in flow.reasons), flow
    assert {kind for flow in every.values() for kind in flow.recipients} == known.keys() - {"dfe", "ofsted"}


NEEDS = [
    ("Find out why she left school.", True),
    ("For safeguarding purposes", False),
    ("As discussed, data required.", False),
    ("please send the list asap", False),
    ("Statutory duty: information sharing about the child", False),
    ("GDPR public task - legitimate interest", False),
    ("x x x x", False),
    ("\u200b ", False),
    ("Plan his first home visit after the operation", True),
    ("Hold a place at the college open", True),
]


@pytest.mark.proves("N088")
def test_a_need_that_would_fit_any_share_is_refused() -> None:
    for text, good in NEEDS:
        try:
            requesting.check_need(text)
        except ShareError:
            assert not good, text
        else:
            assert good, text


# ------------------------------------------------------------------------------------------------------ who may ask

ASKING = [  # purpose, what is asked, what is said
    ("missing-education", {}, None),
    ("missing-education", {"reason": "because"}, "Give the reason, one of"),
    ("missing-education", {"reason": "plan-and-improve"}, "totals or rows without names"),
    ("missing-education", {"reason": "service-concern"}, "A share of this kind is for"),
    ("missing-education", {"need": "as requested"}, "in your own words"),
    ("missing-education", {"persons": None}, "Name the children"),
    ("missing-education", {"fields": ["name", "name"]}, "each once"),
    ("missing-education", {"channel": "email"}, "goes by one of"),
    ("missing-education", {"form": "xlsx"}, "written as one of"),
    ("missing-education", {"flow": "police-case"}, "Nothing is shared with this recipient"),
    ("safeguarding", {"flow": "council-move"}, "Nothing is shared with this recipient"),
    ("youth-support", {}, "Nothing is shared with this recipient"),
    ("children-in-need", {}, "Nothing is shared with this recipient"),
]


@pytest.mark.proves("N088", "N089", "N092", "N142")
def test_who_may_ask_what_and_a_council_gets_a_child_only_once_the_link_is_recorded(
    borough: dict[str, int], partner: MadeUpPartner
) -> None:
    council = body(partner, "other-council", "999")
    child = borough["too young"]
    base: dict[str, Any] = {"partner": council, "need": NEED, "reason": "right-service", "persons": [child]}
    actors = {"missing-education": YOUTH, "youth-support": YOUTH, "safeguarding": SOCIAL, "children-in-need": SOCIAL}
    for purpose, changes, said in ASKING:
        with access.scope(actors[purpose], purpose) as scope:
            if said is None:
                assert requesting.asked(scope, Asking(**base | changes)).fields == ("name", "address", "date_of_birth")
                continue
            with pytest.raises(ShareError, match=said):
                proposing.propose(scope, asking=Asking(**base | changes))
    asking = Asking(**base)
    with as_cme() as scope:
        [refused] = {one.rule for one in proposing.preview(scope, asking=asking).counts}
        assert str(refused).startswith("R09")
        linking.link(
            scope, person=child, kind="linked_councils", body="999", from_date=TODAY, to_date=date(2027, 1, 1),
            evidence="Letter of 20 November (made up)",
        )  # fmt: skip
        seen = proposing.preview(scope, asking=asking)
        assert (seen.children, {one.rule for one in seen.counts}) == (1, {None})
        assert not scope.rows("select * from system.share")  # looking keeps nothing
        share = proposing.propose(scope, asking=Asking(**base | {"reference": "A1 (made up)", "urgency": "soon"}))
        assert (share.flow, share.works_under, share.reason) == ("council-move", "missing-education", "right-service")
        item = scope.one("select due from system.work_item where kind = 'share.approve'")
        assert item == {"due": TODAY + timedelta(days=2)}
    with as_youth() as scope:  # each purpose sees its own shares, whatever the page asks
        assert proposing.listed(scope) == []
        assert scope.rows("select * from system.share_decision") == []
    with as_ig() as scope:
        proposing.judge(scope, share=share.id, approves=True, note="Letter seen (made up).")
    with clock.frozen(date(2027, 1, 2)), as_cme() as scope, pytest.raises(ShareError):
        sending.pack(scope, share=share.id)  # approved too long ago, and the link has ended
    with as_cme() as scope:
        assert sending.pack(scope, share=share.id).rows == 1


# ------------------------------------------------------------------------------------------------- ready-made flows


@pytest.mark.proves("N112")
def test_a_provider_s_register_of_applications_says_whom_its_list_is_about(
    borough: dict[str, int], partner: MadeUpPartner
) -> None:
    with as_cme() as scope:
        held = {
            row["subject_id"]: row
            for row in scope.rows(
                "select i.subject_id, i.value, b.date_of_birth from people.identifier i join people.birth b"
                " using (subject_id) where i.kind = 'upn'"
            )
        }
    wanted = [("own consent", "C1", "accepted"), ("thirteen", "C1", "offered"), ("objects", "C1", "accepted"),
              ("parent's consent at 16", "C2", "accepted"), ("protected", "C1", "declined")]  # fmt: skip
    lines = ["UPN,SURNAME,FORENAME,DOB,PROVIDER_NO,PROVIDER,COURSE,STATUS,APPLIED"]
    for name, provider, status in wanted:
        one = held[borough[name]]
        born = one["date_of_birth"]
        lines.append(f"{one['value']},Made,Up,{born},{provider},College {provider},T level,{status},01/11/2026")
    lines += ["X1,Made,Up,2009-01-01,C1,College,T level,accepted,", lines[1].replace("accepted", "hoped for")]
    data = "\r\n".join(lines).encode()
    with access.scope(access.Actor(1, "Made-up officer", "data-officer"), "data-intake") as scope:
        [done] = intake.ingest(scope, offered=intake.offer([("offers.csv", data)], scope))
        assert (done.kind, done.set_aside) == ("offers", 2)
    with access.scope(access.Actor(1, "Made-up officer", "data-officer"), "record-matching") as scope:
        identity.link_all(scope)
    college = body(partner, "post-16-provider", "C1")
    with as_youth() as scope:
        share = proposing.propose(
            scope, asking=Asking(college, "Prepare the first day of new students.", "right-service")
        )
        by_rule: dict[str | None, set[int]] = {}
        for row in scope.rows("select subject_id, rule from system.share_decision where field = 'name'"):
            by_rule.setdefault(row["rule"], set()).add(row["subject_id"])
        assert share.children == 3  # who applied there, whatever the age; one declined, one went elsewhere
        assert {rule: len(found) for rule, found in by_rule.items()} == {None: 2, "R07.young": 1}


# ------------------------------------------------------------------------------------------------------- schedules


def scheduled(partner: int, **changes: Any) -> int:
    told = {"cadence": Cadence.WEEKLY, "from_date": TODAY, "to_date": date(2027, 1, 1), **changes}
    with as_youth() as scope:
        asking = Asking(partner, "Help young people stay in learning (made up).", "right-service")
        return schedules.propose(scope, asking=asking, **told).id


@pytest.mark.proves("N080", "N088")
def test_a_schedule_is_wanted_by_two_decides_each_time_and_ends_at_once(
    registered: int, partner: MadeUpPartner, borough: dict[str, int]
) -> None:
    for late in ({"to_date": date(2027, 1, 2)}, {"from_date": TODAY - timedelta(days=1)}, {"to_date": TODAY}):
        with pytest.raises(ShareError):
            scheduled(registered, **late)  # beyond the agreement, before today, no day long
    number = scheduled(registered)
    with as_youth() as scope, pytest.raises(ShareError, match="not due"):
        schedules.run(scope, schedule=number)
    with as_ig(access.Actor(YOUTH.id, "The same person", "ig-officer")) as scope:
        with pytest.raises(ShareError, match="yourself"):
            schedules.judge(scope, schedule=number, approves=True, note="Mine.")
        with pytest.raises(psycopg.errors.CheckViolation):
            scope.run("update system.share_schedule set judged_by = proposed_by, judged_at = now(), approved = true")
    with as_ig() as scope:
        assert schedules.judge(scope, schedule=number, approves=True, note="Seen.").standing(TODAY) is Standing.RUNS
    with as_youth() as scope:
        first = schedules.run(scope, schedule=number)
        assert (first.state, first.schedule, first.approvals) == (State.APPROVED, number, 1)
        assert sending.pack(scope, share=first.id).rows == 5
        with pytest.raises(ShareError, match="not due"):
            schedules.run(scope, schedule=number)  # a second run in the week sends nothing twice
    with clock.frozen(TODAY + timedelta(days=6)), as_youth() as scope:  # the next Monday
        again = schedules.run(scope, schedule=number)
        assert again.children == 7  # the youngest has turned 13 since
    with as_ig() as scope:
        schedules.stop(scope, schedule=number, why="The contract ended (made up).")
    with as_youth() as scope:
        states = {one.id: one.state for one in proposing.listed(scope)}
        assert states == {first.id: State.REFUSED, again.id: State.REFUSED}
        assert schedules.find(scope, number).standing(TODAY) is Standing.STOPPED
        with pytest.raises(ShareError):
            sending.send(scope, share=first.id)


def test_when_a_schedule_is_due() -> None:
    days = [date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 3, 31)]
    days += [date(2027, 4, 1)]
    for cadence, distinct in ((Cadence.WEEKLY, 3), (Cadence.MONTHLY, 6), (Cadence.TERMLY, 4)):
        spans = [schedules.span(cadence, day) for day in days]
        assert spans == sorted(spans), cadence
        assert len(set(spans)) == distinct, (cadence, spans)


@pytest.mark.proves("N144", "N147")
def test_no_schedule_for_police_immigration_or_charities_by_any_way(
    borough: dict[str, int], partner: MadeUpPartner
) -> None:
    book = governance.shipped()
    may = {row["slug"] for row in book.on("policy_recipients", "2026-11-24") if row["schedule"] == "yes"}
    assert {row["slug"] for row in book.on("policy_recipients", "2026-11-24")} - may == NEVER
    with database.connect("owner") as owner:
        owner.execute("update system.share_partner set kind = kind")
        [text] = owner.execute("select prosrc from pg_proc where proname = 'share_may_be_scheduled'").fetchone() or [""]
    assert {kind for kind in (*NEVER, *may) if f"'{kind}'" in text} == may
    number = body(partner, "police", "P7")
    asking = Asking(
        number, NEED, "safety", flow="police-case", persons=[borough["thirteen"]], reference="1", officer="PC 1",
        power="made up",
    )  # fmt: skip
    told: dict[str, Any] = {"cadence": Cadence.WEEKLY, "from_date": TODAY, "to_date": date(2027, 1, 1)}
    with as_ig() as scope:  # two people of the council loosen the row
        row = policy.change(
            scope, file="policy_recipients", key="police", cells={"schedule": "yes"}, begins=TODAY, until=None,
            reason="Made-up pressure",
        )  # fmt: skip
    with access.scope(SOCIAL, "safeguarding") as scope:
        with pytest.raises(ShareError, match="case by case"):
            schedules.propose(scope, asking=asking, **told)
    with as_ig(SECOND_IG) as scope:
        policy.second(scope, row=row.id)
    with access.scope(SOCIAL, "safeguarding") as scope:
        with pytest.raises(ShareError, match="case by case"):
            schedules.propose(scope, asking=asking, **told)
        values = (
            "insert into system.share_schedule (flow, works_under, partner_id, need, reason, fields, channel, form,"
            " cadence, from_date, to_date, proposed_by, proposed_at) values ('police-case', 'safeguarding', %s, 'x',"
            " 'safety', '{name}', 'secure-mail', 'letter', 'weekly', current_date, current_date + 7, 1, now())"
        )
        with pytest.raises(psycopg.errors.RaiseException, match="no schedule, ever"):
            scope.run(values, (number,))


# ------------------------------------------------------------------------------------------------------ urgent stop


@pytest.mark.proves("N084")
def test_one_act_stops_everything_to_a_body_and_two_people_lift_it(registered: int, partner: MadeUpPartner) -> None:
    number = scheduled(registered)
    with as_ig() as scope:
        schedules.judge(scope, schedule=number, approves=True, note="Seen.")
    asking = Asking(registered, "Help young people stay in learning (made up).", "right-service")
    with as_youth() as scope:
        packed = sending.pack(scope, share=schedules.run(scope, schedule=number).id)
        waiting = proposing.propose(scope, asking=asking)
    with as_youth() as scope:
        stop = stopping.stop(scope, partner=registered, why="Their server was broken into (made up).")
        assert {one.state for one in proposing.listed(scope)} == {State.REFUSED}
        assert all(one.suspended for one in agreements.agreements(scope, registered))
        assert schedules.find(scope, number).standing(TODAY) is Standing.STOPPED
        for act in (
            lambda: proposing.propose(scope, asking=asking),
            lambda: sending.send(scope, share=packed.id),
            lambda: schedules.run(scope, schedule=number),
        ):
            with pytest.raises(ShareError):
                act()
    with as_ig() as scope:
        with pytest.raises(ShareError, match="refused already"):
            proposing.judge(scope, share=waiting.id, approves=True, note="But I would.")
        stopping.lift(scope, stop=stop.id)
        with pytest.raises(ShareError, match="yourself"):
            stopping.lift(scope, stop=stop.id)
        assert [one.id for one in stopping.standing(scope)] == [stop.id]
    with as_ig(SECOND_IG) as scope:
        stopping.lift(scope, stop=stop.id)
        assert stopping.standing(scope) == []
    with clock.frozen(TODAY + timedelta(days=1)), as_youth() as scope:  # what was stopped stays so; new ones may be
        assert {one.state for one in proposing.listed(scope)} == {State.REFUSED}
        assert schedules.find(scope, number).standing(TODAY) is Standing.STOPPED
        assert proposing.propose(scope, asking=asking).state is State.PROPOSED
        of_one = stopping.stop(scope, partner=registered, agreement=1, why="Signed by nobody (made up).")
        assert of_one.agreement == 1
        with pytest.raises(ShareError, match="is stopped"):
            proposing.propose(scope, asking=asking)


def test_what_nobody_approved_in_time_lapses_and_never_packs(registered: int) -> None:
    with as_youth() as scope:
        share = proposing.propose(scope, asking=Asking(registered, "Help those who leave early.", "right-service"))
    for days, state in ((27, State.PROPOSED), (28, State.LAPSED), (400, State.LAPSED)):
        with clock.frozen(TODAY + timedelta(days=days)):
            with as_ig() as scope:
                assert proposing.shown(scope, share=share.id)[0].state is state
                if state is State.LAPSED:
                    with pytest.raises(ShareError, match="too long ago"):
                        proposing.judge(scope, share=share.id, approves=True, note="Late.")
            with as_youth() as scope, pytest.raises(ShareError):
                sending.pack(scope, share=share.id)


# ------------------------------------------------------------------------------------------------ asked from outside


def question(**changes: Any) -> Question:
    told = {
        "flow": "health-case", "child_said": "A girl of about 12 at the made-up clinic", "identifiers": "NHS made-up",
        "need": "Plan her care after the operation.", "reason": "right-service", "fields": ["name", "date_of_birth"],
        "reference": "H1 (made up)",
    }  # fmt: skip
    return Question(**told | changes)


@pytest.mark.proves("N141", "N149")
def test_a_partner_asks_sees_its_own_requests_alone_and_no_record(
    borough: dict[str, int], partner: MadeUpPartner
) -> None:
    clinic, other = body(partner, "health", "H1"), body(partner, "health", "H2", "Other")
    second = access.Actor(32, "Made-up doctor", "partner")
    with as_partner() as scope, pytest.raises(ShareError, match="not linked to a body"):
        asked_outside.ask(scope, question=question())
    with as_ig() as scope:
        asked_outside.add_account(scope, account=OUTSIDE.id, partner=clinic)
        asked_outside.add_account(scope, account=second.id, partner=other)
    bad = [
        ({"child_said": " "}, "which child"), ({"need": "as discussed"}, "own words"), ({"reason": "x"}, "reason"),
        ({"fields": ["upn"]}, "field"), ({"flow": "police-case"}, "what you ask for"), ({"flow": "youth-list"}, "what"),
    ]  # fmt: skip
    with as_partner() as scope:
        for changes, said in bad:
            with pytest.raises(ShareError, match=said):
                asked_outside.ask(scope, question=question(**changes))
        numbers = [asked_outside.ask(scope, question=question()) for _ in range(2)]
        assert [one.answer for one in asked_outside.own(scope)] == [Answer.WAITS] * 2
        for table in ("people.name", "people.birth", "system.share", "people.search_token", "system.subject"):
            with scope.db.transaction(force_rollback=True), pytest.raises(access.Refused):
                scope.rows(f"select * from {table}")
    with as_partner(second) as scope:
        assert asked_outside.own(scope) == []
    with as_cme() as scope:  # put to another purpose: nobody here sees it
        assert asked_outside.listed(scope) == []
    child = borough["thirteen"]
    with access.scope(SOCIAL, "safeguarding") as scope:
        assert {one.id for one in asked_outside.listed(scope)} == set(numbers)
        found = asked_outside.read(scope, request=numbers[0])
        asking = Asking(
            clinic, found.question.need, found.question.reason, flow=found.question.flow, persons=[child],
            fields=found.question.fields, reference=found.question.reference, request=found.id, form="letter",
        )  # fmt: skip
        share = proposing.propose(scope, asking=asking)
        assert asked_outside.read(scope, request=numbers[0]).share == share.id
        asked_outside.decline(scope, request=numbers[1], why="Nobody fits (made up).")
        with pytest.raises(ShareError, match="answered already"):
            asked_outside.decline(scope, request=numbers[1], why="Again.")
    with as_partner() as scope:
        told = {one.id: one for one in asked_outside.own(scope)}
        assert [told[number].answer for number in numbers] == [Answer.WAITS, Answer.NOTHING]
        assert all(one.share is None for one in told.values())
        unknown = told[numbers[1]].sentence
    with as_ig(FIRST_IG) as scope:
        proposing.judge(scope, share=share.id, approves=False, note="Not needed (made up).")
    with as_partner() as scope:  # refused of a child who is known: the very same words
        assert {one.sentence for one in asked_outside.own(scope)} == {unknown}
