"""The council's own lists: who is protected or restricted, who agreed to what, and which sources send files."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from fairhold.dates.birthdays import birthday
from fairhold.synth.domain import LEA, Child, Consent
from fairhold.synth.world import World

PROTECTION = ("UPN", "SURNAME", "FORENAME", "DOB", "KIND", "FROM")
CONSENT = ("UPN", "SURNAME", "FORENAME", "DOB", "KIND", "BY", "RECIPIENT", "FIELDS", "FROM", "TO")
OFFERS = ("UPN", "SURNAME", "FORENAME", "DOB", "PROVIDER_NO", "PROVIDER", "COURSE", "STATUS", "APPLIED")
PROVIDERS = (("10000901", "Nowhere College (made up)"), ("10000902", "Nowhere Sixth Form (made up)"))
SOURCES = ("KIND", "NAME", "LEA", "ESTAB", "URN")
FIELDS = "school;year_group;attendance_band;send_support;planned_destination"
ANSWERED, OBJECTED = 0.4, 0.04  # of young people of 13 and over, assumed


def protection(world: World) -> list[tuple[Child, dict[str, str]]]:
    """One line per child and kind of protection. This list is kept by hand and checked: no faults are planted in it."""
    found = []
    for child in world.everyone():
        rng = world.rng("protection", child.id) if child.traits else None
        for trait, kind in (("protected_address", "address"), ("restricted", "restricted")):
            if rng is not None and trait in child.traits:
                day = world.start - timedelta(days=rng.randrange(30, 900))
                found.append((child, _named(child) | {"KIND": kind, "FROM": day.isoformat()}))
    return found


def _named(child: Child) -> dict[str, str]:
    born = child.born.isoformat()
    return {"UPN": child.upn, "SURNAME": child.surname, "FORENAME": child.forename, "DOB": born}


def consents(world: World) -> list[Consent]:
    """Answers of young people of 13 and over, or of their parents before the 16th birthday."""
    found: list[Consent] = []
    for child in world.everyone():
        young = child.year is not None and birthday(child.born, 13) <= world.fridays[0]
        if not young or ("on_no_roll" in child.traits and "known_to_youth" not in child.traits):
            continue
        rng = world.rng("consent", child.id)
        drawn = rng.random()
        if drawn < ANSWERED or "known_to_youth" in child.traits:
            found.append(_answer(rng, world, child, len(found) + 1, objects=drawn > ANSWERED - OBJECTED))
    return found


def _answer(rng: Random, world: World, child: Child, number: int, *, objects: bool) -> Consent:
    day = max(world.fridays[0] - timedelta(days=rng.randrange(10, 700)), birthday(child.born, 13))
    by = "young_person" if day >= birthday(child.born, 16) else "parent"
    to: date | None = None
    if rng.random() < 0.08:
        to = min(day + timedelta(days=rng.randrange(20, 300)), world.options.on)
    objects = objects and "known_to_youth" not in child.traits
    kind, recipient = (
        ("objection" if objects else "consent"),
        rng.choice(("youth-support", "youth-support", "careers-adviser")),
    )
    fields = "" if objects else FIELDS if rng.random() < 0.7 else "school;year_group"
    return Consent(number, child, kind, by, recipient, fields, day, to)


def consent_row(one: Consent) -> dict[str, str]:
    """One line of the register as written."""
    row = _named(one.child) | {"KIND": one.kind, "BY": one.by, "RECIPIENT": one.recipient, "FIELDS": one.fields}
    row |= {"FROM": one.start.isoformat(), "TO": one.end.isoformat() if one.end else ""}
    return row | one.held


def offers(world: World) -> list[dict[str, str]]:
    """Applications of young people of 15 and over to made-up providers: most to one, some to both, many accepted."""
    found = []
    for child in world.everyone():
        if child.year is None or birthday(child.born, 15) > world.options.on:
            continue
        rng = world.rng("offers", child.id)
        for number, (provider, name) in enumerate(PROVIDERS):
            if rng.random() > (0.7, 0.3)[number]:
                continue
            day = world.options.on - timedelta(days=rng.randrange(5, 60))
            found.append(
                {
                    **{"UPN": child.upn, "SURNAME": child.surname, "FORENAME": child.forename},
                    **{"DOB": child.born.isoformat(), "PROVIDER_NO": provider, "PROVIDER": name},
                    **{"COURSE": rng.choice(("A levels", "T level", "Level 1 start")), "APPLIED": day.isoformat()},
                    "STATUS": rng.choice(("applied", "offered", "accepted", "accepted", "declined")),
                }
            )
    return found


def sources(world: World) -> list[dict[str, str]]:
    """Who sends files: every school, the case system, the registers."""
    rows = [{"KIND": "school", "NAME": s.name, "LEA": s.lea, "ESTAB": s.estab, "URN": s.urn} for s in world.schools]
    rows.append({"KIND": "case-system", "NAME": "Children's social care case system (made up)", "LEA": LEA})
    rows.append({"KIND": "register", "NAME": "Council registers (made up)", "LEA": LEA})
    return rows
