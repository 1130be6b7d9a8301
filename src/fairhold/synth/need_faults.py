"""Breaks one rule on purpose for a share of the children of this year's census."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from fairhold.synth.faults import GUARDED
from fairhold.synth.need_census import Census, Entry
from fairhold.synth.numbers import wrong_letter
from fairhold.synth.world import World

Written = tuple[str, str, str]  # field, true and written value
Break = Callable[[Random, Entry], Written | None]


def _set(where: dict[str, Any], field: str, written: str) -> Written:
    true, where[field] = str(where.get(field) or ""), written
    return field, true, written


def _earlier(day: str, days: int) -> str:
    return (date.fromisoformat(day) - timedelta(days=days)).isoformat()


def _one(entry: Entry, block: str, field: str) -> dict[str, Any] | None:
    """The first block of this kind that has the field filled in."""
    spells: list[Any] = list(entry.spells)
    return next((one for spell in spells for one in spell[block] if one[field]), None)


def _sex(rng: Random, entry: Entry) -> Written | None:
    return _set(entry.who, "Sex", rng.choice("X9")) if entry.who.get("PersonBirthDate") else None


def _ethnicity(rng: Random, entry: Entry) -> Written | None:
    return _set(entry.values["ChildCharacteristics"][0], "Ethnicity", rng.choice(("PAKI", "WHIT")))  # type: ignore[arg-type, index]


def _number(_: Random, entry: Entry) -> Written | None:
    upn = entry.who.get("UPN")
    return _set(entry.who, "UPN", wrong_letter(str(upn))) if upn else None


def _source(_: Random, entry: Entry) -> Written | None:
    return _set(entry.spells[0], "ReferralSource", "2Z")


def _need(_: Random, entry: Entry) -> Written | None:
    return _set(entry.spells[0], "PrimaryNeedCode", "N12")


def _reason(_: Random, entry: Entry) -> Written | None:
    spell = next((one for one in entry.spells if one["ReasonForClosure"]), None)
    return _set(spell, "ReasonForClosure", "") if spell else None


def _disability(_: Random, entry: Entry) -> Written | None:
    block: Any = entry.values["ChildCharacteristics"][0]  # type: ignore[index]
    codes = block["Disabilities"][0]["Disability"]
    block["Disabilities"] = [{"Disability": (*codes, codes[0])}]
    return "Disability", ";".join(codes), ";".join((*codes, codes[0]))


def _dates(block: str, first: str, last: str, days: int) -> Break:
    """Breaks the order of two dates: the last one goes so many days before the first one."""

    def broken(_: Random, entry: Entry) -> Written | None:
        one = _one(entry, block, last)
        return None if one is None else _set(one, last, _earlier(one[first], days))

    return broken


def _early_assessment(_: Random, entry: Entry) -> Written | None:
    one = _one(entry, "Assessments", "AssessmentActualStartDate")
    spell: Any = next((s for s in entry.spells if s["Assessments"]), None)
    return _set(one, "AssessmentActualStartDate", _earlier(spell["CINreferralDate"], 12)) if one else None


BREAKS: dict[str, Break] = {
    "1103": _early_assessment,
    "1510": _number,
    "4011": _dates("CINPlanDates", "CINPlanStartDate", "CINPlanEndDate", 9),
    "4180": _sex,
    "4220": _ethnicity,
    "8608": _dates("Assessments", "AssessmentActualStartDate", "AssessmentAuthorisationDate", 5),
    "8650": _need,
    "8794": _disability,
    "8805": _reason,
    "8840": _dates("ChildProtectionPlans", "CPPstartDate", "CPPendDate", 0),
    "8866": _source,
    "8925": _dates("ChildProtectionPlans", "CPPstartDate", "CPPendDate", 30),
}


def plant(world: World, census: Census) -> None:
    """Break rules in turn, each at another child, until the share of children is reached."""
    rng = world.rng("fault", "rule_fault_cin")
    wanted = world.planted("rule_fault_cin", len(census.entries))
    free = [e for e in census.entries if not e.case.held and not GUARDED & set(e.case.child.traits)]
    rng.shuffle(free)
    turns = list(BREAKS.items())
    while wanted and free and turns:
        code, broken = turns.pop(0)
        for place in range(len(free) - 1, -1, -1):
            written = broken(rng, free[place])
            if written is not None:
                entry = free.pop(place)
                where = ("social-care", entry.case.id, entry.case.child.id)
                world.fault("rule_fault_cin", where, written[0], written[1:], f"rule {code}")
                entry.fault = world.faults[-1].id
                wanted -= 1
                turns.append((code, broken))
                break
