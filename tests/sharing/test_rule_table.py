"""Which rule is told, and which law, where several are against it; what lets a field go; who must still approve."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations
from typing import Any, NamedTuple

import pytest

from fairhold import governance
from fairhold.sharing import gate
from fairhold.sharing.domain import Hold, Holds
from fairhold.sharing.tables import policy
from tests.sharing.made_up import CORE, DAY, EXTRA, FIELDS, IN_ORDER, URGENT, consent, in_order, objection
from tests.sharing.tables import HEARS_NO_OBJECTION, WITHOUT_CONSENT, YOUNG

EVERY = tuple(IN_ORDER)
ENDED = {"agreement__from": "2020-01-01", "agreement__to": "2026-01-01"}
HARM = {"emergency": True, "purpose": "safeguarding"}
YES, NO = consent("young_person", EXTRA, "youth-support"), objection("young_person")
BORN_16 = {"child__date_of_birth": "2010-11-24"}
LINKED = {
    "enrolled_at": ("school", "early-years-provider"), "placed_with": ("ap-provider", "placement-provider"),
    "applied_to": ("post-16-provider",), "linked_councils": ("other-council",),
}  # fmt: skip


class Fault(NamedTuple):
    """One thing wrong: for which recipients, what is odd of the request, the field it is about, what is held."""

    recipients: tuple[str, ...]
    odd: dict[str, Any]
    field: str = ""
    hold: Hold | None = None


# In the order in which they are told: what is wrong with the request first, then the way, the conditions, the child,
# the field. One rule may show itself in several ways.
FAULTS: list[tuple[str, Fault]] = [
    ("R19.need", Fault(EVERY, {"need": " "})),
    ("R03.recipient", Fault(EVERY, {"recipient": "unheard-of"})),
    ("R03.purpose", Fault(EVERY, {"purpose": "unheard-of"})),
    ("R18.recipient", Fault(("immigration", "dfe", "research"), HARM)),
    ("R16.purpose", Fault(tuple({*EVERY} - {"ofsted"}), {"purpose": "inspection"})),
    ("R16.purpose", Fault(("ofsted",), {"purpose": "research"})),
    ("R18.channel", Fault(URGENT, {**HARM, "channel": "collect"})),
    ("R18.channel", Fault(URGENT, {**HARM, "channel": "unheard-of"})),
    ("R17.unknown", Fault(EVERY, {"channel": "fax"})),
    ("R17.never", Fault(EVERY, {"channel": "email"})),
    ("R17.never", Fault(EVERY, {"channel": "usb"})),
    ("R17.never", Fault(("school", "police"), {"channel": "post"})),
    ("R17.channel", Fault(EVERY, {"channel": "phone"})),
    ("R08.none", Fault(("youth-support", "careers-adviser", "research"), {"agreement": None})),
    ("R08.other", Fault(("youth-support", "careers-adviser", "research"), {"agreement__recipient": "school"})),
    ("R08.early", Fault(("youth-support", "careers-adviser", "research"), {"agreement__from": "2026-11-25"})),
    ("R08.ended", Fault(("youth-support", "careers-adviser", "research"), ENDED)),
    ("R08.suspended", Fault(("youth-support", "careers-adviser", "research"), {"agreement__suspended": True, **ENDED})),
    ("R10.reference", Fault(("dfe", "ofsted", "health", "police", "cafcass", "immigration"), {"reference": None})),
    ("R10.officer", Fault(("police", "immigration"), {"requester__officer": None})),
    ("R10.power", Fault(("police", "immigration"), {"requester__power": None})),
    *((f"R09.{link}", Fault(bodies, {f"child__{link}": []})) for link, bodies in LINKED.items()),
    ("R06.birth", Fault((*YOUNG, "youth-justice"), {"child__date_of_birth": None})),
    ("R07.young", Fault(YOUNG, {"child__date_of_birth": "2014-01-01"})),
    ("R07.young", Fault(("youth-justice",), {"child__date_of_birth": "2017-01-01"})),
    ("R07.send", Fault(YOUNG, {"child__date_of_birth": "2006-11-24"})),
    ("R07.old", Fault(YOUNG, {"child__date_of_birth": "2001-11-24"})),
    ("R07.old", Fault(("youth-justice",), {"child__date_of_birth": "2008-11-24"})),
    ("R08.moved", Fault(("youth-support", "careers-adviser"), {"child__resident": False})),
    ("R08.where", Fault(("youth-support", "careers-adviser"), {"child__resident": None})),
    ("R11.field", Fault(EVERY, {}, "shoe_size")),
    ("R18.field", Fault(URGENT, HARM, "upn")),
    ("R15.urgent", Fault(URGENT, {**HARM, "child__confidential_address": True}, "address")),
    ("R15.address", Fault(tuple({*EVERY} - {"ofsted", "research", "charity"}), {"child__confidential_address": True},
                          "address")),
    ("R12.field", Fault(EVERY, {}, "safeguarding_notes")),
    ("N083.shipped", Fault(("school", "youth-support"), {}, "name", Hold.SHIPPED)),
    ("N084.review", Fault(("school", "youth-support"), {}, "name", Hold.REVIEW)),
    ("N084.terms", Fault(("school", "youth-support"), {}, "name", Hold.TERMS)),
    ("N033.origin", Fault(("school", "youth-support"), {}, "name", Hold.ORIGIN)),
    ("N133.evidence", Fault(("school", "youth-support"), {}, "name", Hold.EVIDENCE)),
    ("R14.stopped", Fault(tuple({*EVERY} - {*HEARS_NO_OBJECTION, "research", "charity"}), {"child__objections": [NO]},
                          "name")),
    ("R14.refused", Fault(("youth-support",), {"child__objections": [NO], "child__consents": [YES]}, "school")),
    ("R14.undecided", Fault(("school",), {"child__objections": [NO], "child__date_of_birth": None}, "name")),
    ("R14.unsure", Fault(("charity",), {"child__objections": [NO], "child__date_of_birth": None}, "name")),
    ("R13.birth", Fault(("charity",), {"child__date_of_birth": None}, "name")),
    ("R13.lapsed", Fault(("youth-support",), {**BORN_16, "child__consents": [YES | {"by": "parent"}]}, "school")),
    ("R13.early", Fault(("youth-support",), {**BORN_16, "child__consents": [YES]}, "school")),
    ("R13.parent", Fault(("youth-support", "careers-adviser"), {"child__date_of_birth": "2010-11-25"}, "school")),
    ("R13.young", Fault(YOUNG, BORN_16, "planned_destination")),
    ("R13.young", Fault(("charity",), BORN_16, "name")),
]  # fmt: skip

CITED = {
    **dict.fromkeys(("youth-support", "careers-adviser", "post-16-provider"), "Education Act 1996 s507B"),
    "dfe": "Education Act 1996 s537A", "ofsted": "Education and Inspections Act 2006 Part 8",
    "school": "Children Act 2004 s10", "charity": "Children Act 2004 s10",
    "early-years-provider": "Childcare Act 2006 Part 1", "ap-provider": "Education Act 2002 s51A",
    "health": "Children Act 2004 s11", "police": "Crime and Disorder Act 1998 s115",
    "youth-justice": "Crime and Disorder Act 1998 s115", "other-council": "Children Act 1989 s17",
    "immigration": "Borders, Citizenship and Immigration Act 2009 s55", "cafcass": "Children Act 1989 s47",
    "placement-provider": "Children Act 1989 s22", "research": "Children Act 1989 s83(2)",
}  # fmt: skip
CONSENT = {**dict.fromkeys(YOUNG, "Education and Skills Act 2008 s14"), "charity": "Children Act 2004 s10"}
SECURE, MINIMUM = "UK GDPR Art 5(1)(f)", "UK GDPR Art 5(1)(c)"
LAWS = {
    "R19.need": MINIMUM, "R11.field": MINIMUM, "R03.recipient": "UK GDPR Art 6(1)",
    **dict.fromkeys(("R03.purpose", "R16.purpose", "N033.origin"), "UK GDPR Art 5(1)(b)"),
    "N083.shipped": "UK GDPR Art 6(1)",
    **dict.fromkeys(("R18.recipient", "R18.field"), "Children Act 1989 s47"),
    **dict.fromkeys(("R18.channel", "R17.unknown", "R17.never", "R17.channel", "R15.urgent", "R15.address"), SECURE),
    "N133.evidence": SECURE,
    **dict.fromkeys(("R14.stopped", "R14.refused", "R14.undecided", "R14.unsure"), "UK GDPR Art 21"),
}  # fmt: skip


def cited(rule: str, recipient: str) -> str:
    """The law a refusal names: the rule's own, that of the recipient, or that of its consent."""
    return LAWS.get(rule) or (CONSENT if rule.startswith("R13") else CITED)[recipient]


Told = tuple[dict[str, Any], Holds, str, str]
"""A request of one field, what is held, the rule and the law it is refused by."""


def one_field(recipient: str, rule: str, *faults: Fault) -> Told:
    """A request that is in order but for these faults."""
    odd = {name: value for fault in faults for name, value in fault.odd.items()}
    field = next((fault.field for fault in faults if fault.field), [*WITHOUT_CONSENT[recipient], "name"][0])
    request = in_order(recipient, fields=[field], **{name: value for name, value in odd.items() if name != "recipient"})
    holds = frozenset((field, fault.hold) for fault in faults if fault.hold is not None)
    return (
        request | ({"recipient": odd["recipient"]} if "recipient" in odd else {}),
        holds,
        rule,
        cited(rule, recipient),
    )


def part(name: str) -> str:
    """What a change is about: two that are about one thing cannot come together."""
    return name if name.startswith("child__") else name.partition("__")[0]


# Two at once that the pairs below leave out, because both are about one part of the request or about two fields.
TOGETHER: list[tuple[str, str, Fault]] = [
    ("R03.recipient", "school", Fault((), {"recipient": "unheard-of", "purpose": "unheard-of"})),
    ("R10.officer", "police", Fault((), {"requester__officer": None, "requester__power": None})),
    ("R11.field", "police", Fault((), {**HARM, "channel": "phone"}, "shoe_size")),
    ("R15.address", "ofsted", Fault((), {"child__confidential_address": True}, "address")),
    ("R12.field", "school", Fault((), {}, "safeguarding_notes", Hold.SHIPPED)),
    ("R08.ended", "research", Fault((), {"agreement__from": DAY, "agreement__to": DAY})),  # it never held
    *(
        ("R13.lapsed", "youth-support", Fault((), {**BORN_16, "child__consents": list(both)}, "school"))
        for both in permutations([YES | {"by": "parent"}, YES])
    ),
]


def told() -> Iterator[Told]:
    """Each fault alone, and each two that can come together: then the first in the order is told."""
    for rule, recipient, fault in TOGETHER:
        yield one_field(recipient, rule, fault)
    for name in FIELDS:
        if name not in WITHOUT_CONSENT["police"]:
            yield one_field("police", "R12.field", Fault((), {}, name))
    for rule, fault in FAULTS:
        for recipient in fault.recipients:
            yield one_field(recipient, rule, fault)
    for (rule, first), (then, other) in combinations(FAULTS, 2):
        same = {part(name) for name in first.odd} & {part(name) for name in other.odd}
        apart = not same and not (first.field and other.field and first.field != other.field)
        needs_birth = {rule[:3], then[:3]} & {"R13", "R14"} and {rule[:3], then[:3]} & {"R06", "R07"}
        urgent = bool({"R18.recipient", "R18.field", "R18.channel", "R15.urgent"} & {rule, then})
        aged = "child__date_of_birth" in {*first.odd, *other.odd} and "R14" in (rule[:3], then[:3])
        if rule == then or not apart or needs_birth or urgent or aged or rule == "R03.recipient":
            continue
        for recipient in set(first.recipients) & set(other.recipients):
            yield one_field(recipient, rule, first, other)


@pytest.mark.proves("N083", "N088")
def test_the_first_rule_in_the_order_is_told_with_its_law() -> None:
    cases = list(told())
    answers = gate.decide_many([request for request, *_ in cases], holds=[holds for _, holds, *_ in cases])
    for (request, _, rule, law), answer in zip(cases, answers, strict=True):
        [refusal] = answer.verdict.refused
        assert (refusal.rule, answer.verdict.alarms) == (rule, ()), request
        assert refusal.law == law, request


def test_every_rule_of_the_table_of_refusals_stands_in_this_order() -> None:
    drawn = list(dict.fromkeys(rule for rule, _ in FAULTS))
    law_alone = {"N083.early", "N083.ended"}  # test_dated_law
    assert drawn == [rule for rule in policy().on(DAY).words if rule not in {*law_alone, "R00.default", "R00.disagree"}]


# recipient: the gateways behind its fields, and behind those consent opens
BASES = {
    **dict.fromkeys(YOUNG, (("LB23",), ("LB24",))),
    "dfe": (("LB01", "LB02", "LB04", "LB05"), ()), "ofsted": (("LB27",), ()),
    "school": (("LB22", "LB13", "LB14", "LB15"), ()), "early-years-provider": (("LB26", "LB22"), ()),
    "ap-provider": (("LB13", "LB22"), ()), "health": (("LB22", "LB18", "LB19"), ()),
    "police": (("LB28", "LB19", "LB22"), ()), "other-council": (("LB18", "LB15", "LB17", "LB19"), ()),
    "immigration": (("LB29",), ()), "youth-justice": (("LB28", "LB22"), ()), "cafcass": (("LB19", "LB22"), ()),
    "placement-provider": (("LB18", "LB19"), ()), "research": (("LB31", "LB30"), ()),
    "charity": ((), ("LB22", "LB33")),
}  # fmt: skip


def based() -> Iterator[tuple[dict[str, Any], set[tuple[str, str, tuple[str, ...]]]]]:
    """A request with every consent, and what each allowed field goes by: the way, the law, the gateways in force."""
    for recipient, (law, agreed) in BASES.items():
        given = [consent("young_person", [*CORE, *EXTRA], recipient)]
        goes = {("law", CITED[recipient], law)} if law else set()
        goes |= {("consent", CONSENT[recipient], agreed)} if agreed else set()
        yield in_order(recipient, child__consents=given), goes
    for recipient in URGENT:
        urgent = in_order(recipient, **HARM, channel="phone", fields=list(CORE))
        yield urgent, {("protect", "Children Act 1989 s47", ("LB33", "LB19"))}


@pytest.mark.proves("N083")
def test_each_field_that_goes_names_its_way_and_the_laws_in_force_behind_it() -> None:
    cases = list(based())
    for (request, goes), answer in zip(cases, gate.decide_many([one for one, _ in cases]), strict=True):
        assert {(one.way, one.law, one.gateways) for one in answer.verdict.basis} == goes, request["recipient"]


NO_LAW_SEEN = {"LB16", "LB20", "LB21"}  # enacted, no commencement seen
TO_BE_CONFIRMED = {"LB06", "LB07", "LB08", "LB10"}  # the register itself says: confirm before use


@pytest.mark.proves("N070", "N083")
def test_no_law_counts_that_is_not_known_to_have_begun() -> None:
    rows = {row["id"]: row for row in governance.shipped().on("lawful_bases", DAY)}
    off = {number for number, row in rows.items() if row["commenced"] != "yes"}
    assert off == NO_LAW_SEEN | TO_BE_CONFIRMED | {"LB37"}  # the last is another council's list
    for row in governance.shipped().rows["policy_opens"]:
        assert set(row["gateway"].split()) - off, row  # each opening has a law in force


SCHEDULES = {"youth-support", "careers-adviser", "post-16-provider", "school", "research", "youth-justice"}


@pytest.mark.proves("N144", "N147")
def test_no_schedule_can_be_made_for_police_immigration_or_charities_nor_for_any_other_but_these() -> None:
    edition = policy().on(DAY)
    assert {slug for slug, one in edition.recipients.items() if one.schedule} == SCHEDULES
    assert not SCHEDULES & {"police", "immigration", "charity", "other-council", "health", "cafcass"}
