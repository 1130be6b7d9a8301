"""The case system's extract in the shape of the Standard Safeguarding Dataset, as at the borough's today.

The same children and the same truth as both returns, with what returns do not carry: contacts, early help, visits,
workers and teams, health, education health and care plans.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from fairhold.synth import families, lists
from fairhold.synth.care import Course
from fairhold.synth.care_rules import parse
from fairhold.synth.domain import Child, Home
from fairhold.synth.need import Case
from fairhold.synth.world import World

Row = dict[str, str]
Who = tuple[tuple[str, str], Home, str]  # forename and surname, home, number of the family
TEAMS = {"T1": "Assessment Team (made up)", "T2": "Safeguarding Team (made up)", "T3": "Children in Care (made up)"}
FIRST_NAMES = ("Alma", "Bryn", "Cora", "Dai", "Edda", "Finn", "Gwen", "Hari")
LAST_NAMES = ("Ashgrove", "Birchall", "Cedarwood", "Dunmere", "Elmhurst", "Fernley")
BOROUGH_CONTACTS = 1.6  # contacts without a referral to each one with; assumed, no figure is published


def text(day: date | None) -> str:
    """A date as the extract writes it; nothing for none."""
    return day.isoformat() if day else ""


def yes(flag: object) -> str:
    """Y or N."""
    return "Y" if flag else "N"


class Extract:
    """Collects the rows of every entity. `on` is the day of the extract; what is later is not known yet."""

    def __init__(self, world: World) -> None:
        self.world, self.on = world, world.options.on
        self.rows: dict[str, list[tuple[Case | None, Row]]] = {}
        self.case: Case | None = None
        self.workers: dict[str, str] = {}

    def put(self, entity: str, row: Row) -> None:
        """Add one row about the child in hand, if there is one."""
        self.rows.setdefault(entity, []).append((self.case, row))

    def known(self, day: date | None) -> str:
        """A date, if it has come."""
        return text(day) if day is not None and day <= self.on else ""

    def rng(self, *what: str | int) -> Random:
        """A stream of draws for one purpose."""
        return self.world.rng("ssd", *what)

    def worker(self, number: str) -> str:
        """A worker's number, noted so that the list of professionals has everybody."""
        self.workers.setdefault(number, list(TEAMS)[len(self.workers) % len(TEAMS)])
        return number

    def visits(self, rng: Random, first: date, last: date | None, every: int) -> Iterator[date]:
        """Days of visits from one day to another, about every so many days, not those still to come."""
        day = first + timedelta(days=rng.randrange(1, every))
        while day <= min(last or self.on, self.on):
            yield day
            day += timedelta(days=rng.randrange(every - 3, every + 2))


def extract(world: World, courses: Iterable[Course], cases: Iterable[Case]) -> Extract:
    """Every entity with its rows, each with the child it is about."""
    from fairhold.synth import ssd_care, ssd_need  # noqa: PLC0415 (they build on this module)

    found = Extract(world)
    in_care = {course.key: course for course in courses if course.identity == 1}
    for case in cases:
        if case.start > found.on:
            continue
        found.case = case
        person(found, case, in_care.get(case.key))
        ssd_need.case(found, case)
        if case.key in in_care:
            ssd_care.course(found, in_care[case.key])
    found.case = None
    _staff(found)
    return found


def person(found: Extract, case: Case, course: Course | None) -> None:
    """Who the child is, where it lives, and what is known of it."""
    child, upn = case.child, case.held.get("UPN", case.upn)
    names, home, family = _before_adoption(found, case) if "adopted" in child.traits else _now(case)
    unborn = child.born > found.on
    known = not upn.startswith("UN")
    mother = course is not None and course.mother_of is not None and course.mother_of <= found.on
    row = {"pers_person_id": case.key, "pers_forename": case.held.get("pers_forename", names[0])}
    row |= {"pers_surname": names[1]}
    row |= {"pers_sex": "U" if unborn else case.held.get("SEX", child.sex), "pers_ethnicity": child.household.ethnicity}
    row |= {"pers_upn": upn if known else "", "pers_upn_unknown": "" if known else upn}
    row |= {"pers_expected_dob" if unborn else "pers_dob": _born(case), "pers_death_date": found.known(case.died)}
    found.put("ssd_person", row | {"pers_is_mother": yes(mother), "pers_send_flag": yes(child.sen == "E")})
    found.put("ssd_family", _keyed("fami", case, 1) | {"fami_family_id": family})
    if not unborn:
        _address(found, case, home)
    for n, code in enumerate(case.disabilities, start=1):
        found.put("ssd_disability", _keyed("disa", case, n) | {"disa_disability_code": code})
    if child.sen == "E":
        _plan(found, case, child)


def _keyed(prefix: str, case: Case, n: int) -> Row:
    return {f"{prefix}_table_id": f"{prefix.upper()}{case.id}-{n}", f"{prefix}_person_id": case.key}


def _born(case: Case) -> str:
    """The birth date as the case system holds it."""
    if "DOB" not in case.held:
        return text(case.child.born)
    held = parse(case.held["DOB"])
    return text(held)


def _now(case: Case) -> Who:
    child = case.child
    return (child.forename, child.surname), child.address, f"F{child.household.id}"


def _before_adoption(found: Extract, case: Case) -> Who:
    """Name, home and family an adopted child had before: the extract knows nothing of the new ones."""
    rng = found.rng("before adoption", case.child.id)
    culture = lists.cultures()[case.child.household.culture]
    names = [n for n in (culture.boys if case.child.sex == "M" else culture.girls) if n != case.child.forename]
    old = families.surname(rng, culture)
    while old == case.child.surname:
        old = families.surname(rng, culture)
    return (rng.choice(names), old), found.world.homes.home(rng), f"F-{case.id}"


def _address(found: Extract, case: Case, home: Home) -> None:
    parts = {"ROOM": "", "FLAT": home.flat, "BUILDING": "", "HOUSE": home.number, "STREET": home.street}
    parts |= {"TOWN": home.place, "UPRN": home.uprn, "EASTING": "", "NORTHING": ""}
    row = _keyed("addr", case, 1) | {"addr_address_json": json.dumps(parts), "addr_address_type": "HOME"}
    row |= {"addr_address_start_date": text(max(case.child.born, case.start - timedelta(days=400)))}
    found.put("ssd_address", row | {"addr_address_postcode": home.postcode.replace(" ", "")})


def _plan(found: Extract, case: Case, child: Child) -> None:
    """An education, health and care plan, from the request to the last review."""
    rng = found.rng("plan", child.id)
    began = child.sen_from or found.world.start - timedelta(days=rng.randrange(200, 1500))
    number, asked = case.id, began - timedelta(days=rng.randrange(120, 190))
    found.put("ssd_send", _keyed("send", case, 1) | {"send_upn": child.upn})
    asked_row = {"ehcr_ehcp_request_id": f"ER{number}", "ehcr_send_table_id": f"SEND{number}-1"}
    asked_row |= {"ehcr_ehcp_req_date": text(asked), "ehcr_ehcp_req_outcome": "Y"}
    found.put("ssd_ehcp_requests", asked_row | {"ehcr_ehcp_req_outcome_date": text(asked + timedelta(days=35))})
    row = {"ehca_ehcp_assessment_id": f"EA{number}", "ehca_ehcp_request_id": f"ER{number}"}
    row |= {"ehca_ehcp_assessment_outcome": "Y", "ehca_ehcp_assessment_outcome_date": text(began)}
    found.put("ssd_ehcp_assessment", row | {"ehca_ehcp_assessment_exceptions": "0"})
    row = {"ehcn_named_plan_id": f"EN{number}", "ehcn_ehcp_asmt_id": f"EA{number}"}
    found.put("ssd_ehcp_named_plan", row | {"ehcn_named_plan_start_date": text(began)})
    reviewed = began + timedelta(days=360 * max(0, (found.on - began).days // 365))
    row = {"ehcp_active_ehcp_id": f"EP{number}", "ehcp_ehcp_request_id": f"ER{number}"}
    found.put("ssd_ehcp_active_plans", row | {"ehcp_active_ehcp_last_review_date": text(reviewed)})
    for rank, need in enumerate(child.needs[:2], start=1):
        row = {"senn_table_id": f"SN{number}-{rank}", "senn_active_ehcp_id": f"EP{number}"}
        row |= {"senn_active_ehcp_need_type": need, "senn_active_ehcp_need_rank": str(rank)}
        found.put("ssd_sen_need", row)


def _staff(found: Extract) -> None:
    """Teams and workers; every name is made up."""
    for team, name in TEAMS.items():
        row = {"dept_team_id": team, "dept_team_name": name}
        found.put("ssd_department", row | {"dept_team_parent_id": "T0", "dept_team_parent_name": "Children (made up)"})
    for number, team in sorted(found.workers.items()):
        rng = found.rng("worker", number)
        name = f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)}"
        row = {"prof_professional_id": number, "prof_staff_id": number, "prof_professional_name": name}
        row |= {"prof_professional_job_title": "Social Worker", "prof_professional_department": TEAMS[team]}
        found.put("ssd_professionals", row | {"prof_agency_worker_flag": yes(rng.random() < 0.154)})
