"""One pupil as one school would send it: path below `Pupil` → text."""

from __future__ import annotations

from datetime import date

from fairhold.synth import blocks
from fairhold.synth.domain import Child, Home, Record
from fairhold.synth.terms import week_of
from fairhold.synth.world import World

YEAR_CODES = ("R", *map(str, range(1, 15)))


def values(world: World, record: Record, week: int) -> dict[str, str]:
    """Everything the school holds of this pupil as at the Friday of this week (0: the full file)."""
    child = record.child
    found = {"UPN": record.upn}
    blocks.learner(world, child, found)
    found["Surname"], found["Forename"] = child.surname, child.forename
    found["DOB"], found["Sex"] = child.born.isoformat(), child.sex
    _details(world, record, week, found)
    if child.in_care and record.identity == current(child):
        found["LookedAfter/InCare"], found["LookedAfter/CareAuthority"] = "true", "320"
    _meals(world, record, week, found)
    _support(world, record, week, found)
    home = lives_at(world, record, week)
    address("Address", home, found)
    blocks.contacts(world, record, week, found)
    blocks.attendance(world, record, week, found)
    blocks.assessments(world, child, found)
    blocks.history(world, record, week, found)
    found.update(record.held)
    return {path: text for path, text in found.items() if text}


def current(child: Child) -> int:
    """The number of the child's present identity: 2 for a child adopted this year, else 1."""
    return 2 if "adopted" in child.traits else 1


def has_left(world: World, record: Record, week: int) -> bool:
    """Whether the file of this week says that the pupil left."""
    return record.left is not None and record.left <= world.fridays[week]


def lives_at(world: World, record: Record, week: int) -> Home:
    """The address the school knows in this week."""
    if record.home is not None:
        return record.home
    family = record.child.household
    if family.former_home and family.moved and record.child.home is None:
        return family.home if week_of(family.moved, world.fridays) <= week else family.former_home
    return record.child.address


def address(under: str, home: Home, found: dict[str, str]) -> None:
    """An address as BS 7666 parts."""
    part = f"{under}/BS7666Address/"
    found[part + "SAON"], found[part + "PAON"], found[part + "Street"] = home.flat, home.number, home.street
    found[part + "Town"], found[part + "PostTown"] = home.place, "London"
    found[part + "AdministrativeArea"] = (
        "Waltham Forest" if home.postcode[0] in "EI" and home.place != "Enfield" else ""
    )
    found[part + "UniquePropertyReferenceNumber"] = home.uprn
    found[under + "/PostCode"] = home.postcode


def _details(world: World, record: Record, week: int, found: dict[str, str]) -> None:
    child, basic = record.child, "BasicDetails/"
    held = record.held
    found[basic + "PreferredSurname"] = held.get("Surname", child.surname)
    found[basic + "PreferredForename"] = held.get("Forename", child.forename)
    found[basic + "MiddleNames"] = child.middle
    found[basic + "NCyearActual"] = YEAR_CODES[child.year or 0]
    found[basic + "Ethnicity"] = child.household.ethnicity
    found[basic + "EthnicitySource"] = "P"
    kind = basic + "Languages/Type[1]/"
    found[kind + "LanguageType"], found[kind + "Language"] = "F", child.language
    found[basic + "MedicalFlag"] = "true" if child.id % 11 == 0 else "false"
    if child.sen == "E" and child.needs[0] in blocks.DISABILITIES:
        found[basic + "Disabilities/Disability[1]"] = blocks.DISABILITIES[child.needs[0]]
    found[basic + "EnrolStatus"] = "P" if has_left(world, record, week) else record.status
    found[basic + "ServiceChild"] = "Y" if child.id % 503 == 0 else "N"


def _meals(world: World, record: Record, week: int, found: dict[str, str]) -> None:
    """Spells of entitlement to free school meals, from the child's first year on."""
    child, family = record.child, record.child.household
    spell = "FSMhistory/FSMinstance[1]/"
    new = next((c.day for c in record.changes if c.kind == "free meals" and c.week <= week), None)
    starts = family.fsm_from or new
    if starts is None:
        return
    first = date(world.start.year - (child.year or 0), 9, 1)
    if family.fsm_until and family.fsm_until <= first:
        return
    found[spell + "FSMstartDate"] = max(starts, first).isoformat()
    found[spell + "FSMendDate"] = family.fsm_until.isoformat() if family.fsm_until else ""
    found[spell + "UKcountry"] = "ENG"


def _support(world: World, record: Record, week: int, found: dict[str, str]) -> None:
    """Support, or a plan with the support that came before it, and the types of need."""
    child, spell = record.child, "SENhistory/SEN"
    new = next((c.day for c in record.changes if c.kind == "support" and c.week <= week), None)
    if child.sen == "N" or child.sen_from is None:
        if new is not None:
            found[spell + "[1]/StartDate"], found[spell + "[1]/SENprovision"] = new.isoformat(), "K"
        return
    n = 1
    if child.sen == "E" and child.id % 3:
        earlier = child.sen_from.replace(year=child.sen_from.year - 1, day=min(child.sen_from.day, 28))
        found[spell + "[1]/StartDate"], found[spell + "[1]/EndDate"] = earlier.isoformat(), child.sen_from.isoformat()
        found[spell + "[1]/SENprovision"] = "K"
        n = 2
    found[f"{spell}[{n}]/StartDate"], found[f"{spell}[{n}]/SENprovision"] = child.sen_from.isoformat(), child.sen
    for rank, need in enumerate(child.needs, start=1):
        found[f"SENhistory/SENneeds/SENneed[{rank}]/SENtypeRank"] = str(rank)
        found[f"SENhistory/SENneeds/SENneed[{rank}]/SENtype"] = need
