"""A child's episodes of need in the extract: contacts, assessments, enquiries, plans, visits, early help."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from fairhold.dates.working import working_day_after
from fairhold.synth.need import Case, Enquiry, Protection, Spell
from fairhold.synth.ssd import BOROUGH_CONTACTS, Extract, Row, text, yes

CIN_VISIT, CP_VISIT = 28, 12  # days between visits; local practice, assumed
HELPED = 0.35  # closed cases that go on to early help beyond those closed to it; assumed


@dataclass(frozen=True, slots=True)
class At:
    """Which referral it is about, and who works on it."""

    number: str
    team: str
    worker: str


def case(found: Extract, one: Case) -> None:
    """Everything of every episode of one child."""
    rng = found.rng("need", one.id)
    for n, spell in enumerate(one.spells, start=1):
        at = At(f"R{one.id}-{n}", "T1" if n == 1 else "T2", found.worker(f"SW{100 + (one.id * 7 + n) % 60}"))
        _contacts(found, rng, one, spell, at.number)
        _referral(found, one, spell, at)
        _assessments(found, rng, one, spell, at)
        _plans(found, rng, one, spell, at)
        for m, enquiry in enumerate(spell.enquiries, start=1):
            _enquiry(found, one, spell, (at.number, f"S{one.id}-{n}-{m}"), enquiry)
        for m, plan in enumerate(spell.protections, start=1):
            _protection(found, rng, one, plan, (at.number, f"C{one.id}-{n}-{m}"))
        row = {"invo_involvements_id": f"I{one.id}-{n}", "invo_professional_id": at.worker, "invo_person_id": one.key}
        row |= {"invo_professional_role_id": "CW", "invo_professional_team": at.team, "invo_referral_id": at.number}
        row |= {"invo_involvement_start_date": text(spell.referred)}
        found.put("ssd_involvements", row | {"invo_involvement_end_date": found.known(spell.closed)})
        _early_help(found, rng, one, spell, n)


def _contacts(found: Extract, rng: Random, one: Case, spell: Spell, number: str) -> None:
    """The contact that became the referral, and others that did not."""
    days = [(spell.referred, True)]
    for _ in range(int(rng.random() < BOROUGH_CONTACTS / 2) + int(rng.random() < BOROUGH_CONTACTS / 2)):
        days.append((spell.referred - timedelta(days=rng.randrange(3, 300)), False))
    for n, (day, became) in enumerate(sorted(days), start=1):
        if day < one.born - timedelta(days=200) or day > found.on:
            continue
        row = {"cont_contact_id": f"K{number[1:]}-{n}", "cont_person_id": one.key, "cont_contact_date": text(day)}
        row |= {"cont_contact_source_code": spell.source}
        flags = {"OUTCOME_NEW_REFERRAL_FLAG": yes(became), "OUTCOME_NFA_FLAG": yes(not became)}
        found.put("ssd_contacts", row | {"cont_contact_outcome_json": json.dumps(flags)})


def _referral(found: Extract, one: Case, spell: Spell, at: At) -> None:
    row = {"cine_referral_id": at.number, "cine_person_id": one.key, "cine_referral_date": text(spell.referred)}
    row |= {"cine_cin_primary_need_code": spell.need, "cine_referral_source_code": spell.source}
    flags = {"OUTCOME_SINGLE_ASSESSMENT_FLAG": yes(spell.assessments), "OUTCOME_NFA_FLAG": yes(spell.no_action)}
    row |= {"cine_referral_outcome_json": json.dumps(flags), "cine_referral_nfa": yes(spell.no_action)}
    closed = found.known(spell.closed)
    row |= {"cine_close_reason": spell.reason if closed else "", "cine_close_date": closed}
    found.put("ssd_cin_episodes", row | {"cine_referral_team": at.team, "cine_referral_worker_id": at.worker})


def _assessments(found: Extract, rng: Random, one: Case, spell: Spell, at: At) -> None:
    for n, each in enumerate(spell.assessments, start=1):
        key, done = f"A{at.number[1:]}-{n}", found.known(each.authorised)
        row = {"cina_assessment_id": key, "cina_person_id": one.key, "cina_referral_id": at.number}
        row |= {"cina_assessment_start_date": text(each.started), "cina_assessment_auth_date": done}
        row |= {"cina_assessment_child_seen": yes(rng.random() < 0.96)}
        over = spell.reason in {"RC8", "RC9"} and bool(done)
        row |= {"cina_assessment_outcome_nfa": yes(over) if done else ""}
        row |= {"cina_assessment_team": at.team, "cina_assessment_worker_id": at.worker}
        found.put("ssd_cin_assessments", row)
        if done:
            row = {"cinf_table_id": f"X{key[1:]}", "cinf_assessment_id": key}
            row |= {"cinf_assessment_factors_json": json.dumps(list(each.factors))}
            found.put("ssd_assessment_factors", row)


def _plans(found: Extract, rng: Random, one: Case, spell: Spell, at: At) -> None:
    for n, (first, last) in enumerate(spell.plans, start=1):
        row = {"cinp_cin_plan_id": f"P{at.number[1:]}-{n}", "cinp_referral_id": at.number, "cinp_person_id": one.key}
        row |= {"cinp_cin_plan_start_date": text(first), "cinp_cin_plan_end_date": found.known(last)}
        found.put("ssd_cin_plans", row | {"cinp_cin_plan_team": at.team, "cinp_cin_plan_worker_id": at.worker})
        for m, day in enumerate(found.visits(rng, max(first, found.on - timedelta(days=400)), last, CIN_VISIT)):
            row = {"cinv_cin_visit_id": f"V{at.number[1:]}-{n}-{m}", "cinv_person_id": one.key}
            row |= {"cinv_cin_visit_date": text(day), **_seen(rng, "cinv_cin_visit")}
            found.put("ssd_cin_visits", row)


def _seen(rng: Random, prefix: str) -> Row:
    seen = rng.random() < 0.95
    return {
        f"{prefix}_seen": yes(seen),
        f"{prefix}_seen_alone": yes(seen and rng.random() < 0.7),
        f"{prefix}_bedroom": yes(seen and rng.random() < 0.4),
    }


def _enquiry(found: Extract, one: Case, spell: Spell, numbers: tuple[str, str], each: Enquiry) -> None:
    number, key = numbers
    row = {"s47e_s47_enquiry_id": key, "s47e_referral_id": number, "s47e_person_id": one.key}
    over = each.conference or (working_day_after(each.started, 10, frozenset()) if each.needless else None)
    row |= {"s47e_s47_start_date": text(each.started), "s47e_s47_end_date": found.known(over)}
    flags = {"OUTCOME_CP_CONFERENCE_FLAG": yes(each.conference), "OUTCOME_NFA_FLAG": yes(each.needless)}
    row |= {"s47e_s47_nfa": yes(each.needless), "s47e_s47_outcome_json": json.dumps(flags)}
    found.put("ssd_s47_enquiry", row | {"s47e_s47_completed_by_team": "T2"})
    if each.target is not None and not each.needless:
        row = {"icpc_icpc_id": f"M{key[1:]}", "icpc_s47_enquiry_id": key, "icpc_person_id": one.key}
        row |= {"icpc_referral_id": number, "icpc_icpc_transfer_in": "N", "icpc_icpc_target_date": text(each.target)}
        held = found.known(each.conference)
        plan = bool(held) and any(p.started == each.conference for p in spell.protections)
        row |= {"icpc_icpc_date": held, "icpc_icpc_outcome_cp_flag": yes(plan) if held else ""}
        found.put("ssd_initial_cp_conference", row | {"icpc_icpc_team": "T2"})


def _protection(found: Extract, rng: Random, one: Case, plan: Protection, numbers: tuple[str, str]) -> None:
    number, key = numbers
    row = {"cppl_cp_plan_id": key, "cppl_referral_id": number, "cppl_person_id": one.key}
    row |= {"cppl_cp_plan_start_date": text(plan.started), "cppl_cp_plan_end_date": found.known(plan.ended)}
    row |= {"cppl_cp_plan_initial_category": plan.first, "cppl_cp_plan_latest_category": plan.latest}
    found.put("ssd_cp_plans", row | {"cppl_cp_plan_ola": "N"})
    due = plan.started + timedelta(days=91)
    for n, day in enumerate(plan.reviews, start=1):
        if day > found.on:
            break
        row = {"cppr_cp_review_id": f"W{key[1:]}-{n}", "cppr_person_id": one.key, "cppr_cp_plan_id": key}
        row |= {"cppr_cp_review_due": text(due), "cppr_cp_review_date": text(day)}
        row |= {"cppr_cp_review_outcome_continue_cp": yes(plan.ended is None or day < plan.ended)}
        found.put("ssd_cp_reviews", row | {"cppr_cp_review_quorate": "Y"})
        due = day + timedelta(days=182)
    for n, day in enumerate(found.visits(rng, max(plan.started, found.on - timedelta(days=400)), plan.ended, CP_VISIT)):
        row = {"cppv_cp_visit_id": f"Y{key[1:]}-{n}", "cppv_person_id": one.key, "cppv_cp_plan_id": key}
        found.put("ssd_cp_visits", row | {"cppv_cp_visit_date": text(day), **_seen(rng, "cppv_cp_visit")})


def _early_help(found: Extract, rng: Random, one: Case, spell: Spell, n: int) -> None:
    """Help that follows a closed case, or came before it."""
    closed = spell.closed
    if closed is None or closed > found.on or not (spell.reason == "RC9" or rng.random() < HELPED):
        return
    began: date = closed + timedelta(days=rng.randrange(1, 20))
    ended = began + timedelta(days=rng.randrange(60, 260))
    if began > found.on or (len(one.spells) > n and one.spells[n].referred < ended):
        return
    row = {"earl_episode_id": f"E{one.id}-{n}", "earl_person_id": one.key, "earl_episode_start_date": text(began)}
    row |= {"earl_episode_end_date": found.known(ended), "earl_episode_reason": "Parenting support"}
    row |= {"earl_episode_end_reason": "Outcomes met" if ended <= found.on else ""}
    found.put("ssd_early_help_episodes", row | {"earl_episode_organisation": "Early Help (made up)"})
