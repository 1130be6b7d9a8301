"""A child's course of care in the extract: episodes, placements, reviews, visits, health, missing, leaving care."""

from __future__ import annotations

import json
from datetime import date, timedelta
from random import Random

from fairhold.dates.birthdays import age_on, birthday
from fairhold.synth.care import Course, Episode
from fairhold.synth.care_tables import PARTS
from fairhold.synth.chance import stream
from fairhold.synth.ssd import Extract, Row, text, yes

VISIT = 40  # days between visits; local practice, assumed
CHECKS = (("Health Assessment", 0.93), ("Dental Check", 0.84))


def course(found: Extract, one: Course) -> None:
    """Everything of one child's care."""
    rng = found.rng("care", one.id)
    period = f"L{one.id}"
    _episodes(found, one, period)
    _reviews(found, one, period)
    last = one.end
    for n, day in enumerate(found.visits(rng, max(one.start, found.on - timedelta(days=500)), last, VISIT)):
        row = {"clav_cla_visit_id": f"LV{one.id}-{n}", "clav_cla_id": period, "clav_person_id": one.key}
        row |= {"clav_cla_visit_date": text(day), "clav_cla_visit_seen": yes(rng.random() < 0.97)}
        found.put("ssd_cla_visits", row | {"clav_cla_visit_seen_alone": yes(rng.random() < 0.75)})
    plan = "RETURN6M" if age_on(one.child.born, found.on) < 10 else "SUPPLIV"
    row = {"lacp_table_id": f"LP{one.id}", "lacp_person_id": one.key, "lacp_cla_care_plan_start_date": text(one.start)}
    row |= {"lacp_cla_care_plan_end_date": found.known(last), "lacp_cla_care_plan_json": json.dumps({plan: "Y"})}
    found.put("ssd_cla_care_plan", row)
    _health(found, rng, one)
    _around(found, rng, one)
    _permanence(found, one, period)
    if last is not None and last <= found.on and last >= birthday(one.child.born, 18):
        _leaver(found, one)


def _episodes(found: Extract, one: Course, period: str) -> None:
    """Episodes, the placements they lie in, and the legal statuses."""
    placement, status = 0, ""
    for n, e in enumerate(one.episodes, start=1):
        if e.started > found.on:
            break
        if n == 1 or e.rne in {"P", "T", "B", "U"}:
            placement += 1
            _placement(found, one, e, placement, period)
        if e.legal != status:
            status = e.legal
            row = {"lega_legal_status_id": f"LS{one.id}-{n}", "lega_person_id": one.key, "lega_legal_status": e.legal}
            row |= {
                "lega_legal_status_start_date": text(e.started),
                "lega_legal_status_end_date": _until(found, one, n),
            }
            found.put("ssd_legal_status", row)
        row = {"clae_cla_episode_id": f"LE{one.id}-{n}", "clae_person_id": one.key, "clae_cla_id": period}
        row |= {"clae_cla_episode_start_date": text(e.started), "clae_cla_episode_start_reason": e.rne}
        row |= {"clae_cla_primary_need_code": one.need, "clae_cla_episode_ceased_date": found.known(e.ended)}
        row |= {"clae_cla_episode_ceased_reason": e.rec if found.known(e.ended) else ""}
        row |= {"clae_cla_placement_id": f"PL{one.id}-{placement}", "clae_entered_care_date": text(one.start)}
        found.put("ssd_cla_episodes", row | {"clae_referral_id": f"R{one.id}-1"})


def _until(found: Extract, one: Course, n: int) -> str:
    """The day a legal status ends: that of the next one, or the end of care."""
    legal = one.episodes[n - 1].legal
    for e in one.episodes[n - 1 :]:
        if e.legal != legal:
            return found.known(e.started)
    return found.known(one.end)


def _placement(found: Extract, one: Course, first: Episode, n: int, period: str) -> None:
    start = one.episodes.index(first)
    last = first
    for e in one.episodes[start + 1 :]:
        if e.rne in {"P", "T", "B", "U"}:
            break
        last = e
    row = {"clap_cla_placement_id": f"PL{one.id}-{n}", "clap_cla_placement_start_date": text(first.started)}
    row |= {"clap_cla_placement_type": first.place, "clap_cla_placement_urn": first.urn, "clap_cla_id": period}
    row |= {"clap_cla_placement_provider": first.provider, "clap_cla_placement_postcode": first.post.replace(" ", "")}
    row |= {"clap_cla_placement_end_date": found.known(last.ended), "clap_person_id": one.key}
    found.put("ssd_cla_placement", row | {"clap_cla_placement_change_reason": last.reason if last.ended else ""})


def _reviews(found: Extract, one: Course, period: str) -> None:
    due = one.start + timedelta(days=28)
    for n, day in enumerate((day for day in one.reviews if day <= found.on), start=1):
        rng = stream(found.world.options.seed, "review", one.id, day.toordinal())
        code = "PN0" if day < birthday(one.child.born, 4) else rng.choice(PARTS)
        row = {"clar_cla_review_id": f"LR{one.id}-{n}", "clar_cla_id": period, "clar_cla_review_due_date": text(due)}
        row |= {"clar_cla_review_date": text(day), "clar_cla_review_cancelled": "N", "clar_cla_person_id": one.key}
        found.put("ssd_cla_reviews", row | {"clar_cla_review_participation": code})
        due = day + timedelta(days=91 if n == 1 else 183)


def _health(found: Extract, rng: Random, one: Course) -> None:
    """Checks in the year before the extract, immunisations, the questionnaire."""
    if one.end is not None and one.end < found.on - timedelta(days=365):
        return
    for kind, share in CHECKS:
        day = found.on - timedelta(days=rng.randrange(10, 340))
        if rng.random() < share and day > one.start:
            row = {"clah_health_check_id": f"LH{one.id}-{kind[0]}", "clah_person_id": one.key}
            row |= {"clah_health_check_type": kind, "clah_health_check_date": text(day)}
            found.put("ssd_cla_health", row | {"clah_health_check_status": "Completed"})
    row = {"clai_person_id": one.key, "clai_immunisations_status": yes(rng.random() < 0.63)}
    found.put("ssd_cla_immunisations", row | {"clai_immunisations_status_date": text(max(one.start, _spring(found)))})
    if 4 <= age_on(one.child.born, found.on) < 17:
        row = {"csdq_table_id": f"LQ{one.id}", "csdq_person_id": one.key, "csdq_sdq_reason": ""}
        row |= {"csdq_sdq_completed_date": text(max(one.start, _spring(found)))}
        found.put("ssd_sdq_scores", row | {"csdq_sdq_score": str(max(0, min(40, round(rng.gauss(14.5, 7)))))})


def _spring(found: Extract) -> date:
    """The last 31 March."""
    day = found.on.replace(month=3, day=31)
    return day if day <= found.on else day.replace(year=day.year - 1)


def _around(found: Extract, rng: Random, one: Course) -> None:
    """Times missing, social workers, status as an asylum seeker, a child of her own."""
    for n, (kind, away, back) in enumerate(one.missing, start=1):
        offered = rng.random() < 0.9
        row = {"miss_table_id": f"LM{one.id}-{n}", "miss_person_id": one.key, "miss_missing_episode_type": kind}
        row |= {"miss_missing_episode_start_date": text(away), "miss_missing_episode_end_date": found.known(back)}
        row |= {"miss_missing_rhi_offered": yes(offered)}
        found.put("ssd_missing", row | {"miss_missing_rhi_accepted": yes(offered and rng.random() < 0.7)})
    for n, (worker, first, last, reason) in enumerate(one.workers, start=1):
        row = {"invo_involvements_id": f"LI{one.id}-{n}", "invo_professional_id": found.worker(worker)}
        row |= {"invo_professional_role_id": "CW", "invo_professional_team": "T3", "invo_person_id": one.key}
        row |= {"invo_involvement_start_date": text(first), "invo_involvement_end_date": found.known(last)}
        found.put("ssd_involvements", row | {"invo_worker_change_reason": reason, "invo_referral_id": f"R{one.id}-1"})
    if one.asylum:
        row = {
            "immi_person_id": one.key,
            "immi_immigration_status_id": f"IM{one.id}",
            "immi_immigration_status": "UASC",
        }
        row |= {"immi_immigration_status_start_date": text(one.start)}
        until = birthday(one.child.born, 18)
        found.put("ssd_immigration_status", row | {"immi_immigration_status_end_date": text(until)})
    if one.mother_of is not None and one.mother_of <= found.on:
        row = {"moth_table_id": f"MO{one.id}", "moth_person_id": one.key, "moth_childs_dob": text(one.mother_of)}
        found.put("ssd_mother", row)


def _permanence(found: Extract, one: Course, period: str) -> None:
    kind, authority, day = one.earlier
    row = {"lapp_table_id": f"LX{one.id}", "lapp_person_id": one.key, "lapp_previous_permanence_option": kind}
    row |= {"lapp_previous_permanence_order_date": day, "lapp_previous_permanence_la": authority}
    found.put("ssd_cla_previous_permanence", row)
    plan = one.plan
    if plan is None or plan.decided > found.on:
        return
    adopted = one.end if one.episodes[-1].rec in {"E11", "E12"} else None
    row = {"perm_table_id": f"PE{one.id}", "perm_person_id": one.key, "perm_cla_id": period}
    row |= {"perm_adm_decision_date": text(plan.decided), "perm_matched_date": found.known(plan.matched)}
    row |= {"perm_decision_reversed_date": found.known(plan.ceased)}
    row |= {"perm_decision_reversed_reason": plan.reason if found.known(plan.ceased) else ""}
    row |= {"perm_permanence_order_date": found.known(adopted)}
    row |= {"perm_permanence_order_type": "Adoption" if found.known(adopted) else ""}
    found.put("ssd_permanence", row | {"perm_adopted_by_carer_flag": "N"})


def _leaver(found: Extract, one: Course) -> None:
    rng = found.rng("leaver", one.id)
    touch = rng.random() < 0.93
    row: Row = {"clea_table_id": f"CL{one.id}", "clea_person_id": one.key}
    row |= {"clea_care_leaver_eligibility": "Former Relevant", "clea_care_leaver_in_touch": "YES" if touch else "NO"}
    if touch:
        row |= {"clea_care_leaver_latest_contact": text(found.on - timedelta(days=rng.randrange(3, 70)))}
        row |= {"clea_care_leaver_accommodation": rng.choice("BCDKUVY"), "clea_care_leaver_accom_suitable": "1"}
        row |= {"clea_care_leaver_activity": rng.choice(("F1", "F2", "F4", "P2", "F5", "G4", "G5"))}
    row |= {"clea_pathway_plan_review_date": text(found.on - timedelta(days=rng.randrange(20, 260)))}
    worker = found.worker(f"PA{rng.randrange(10, 30)}")
    row |= {"clea_care_leaver_personal_advisor": worker, "clea_care_leaver_allocated_team": "T3"}
    found.put("ssd_care_leavers", row | {"clea_care_leaver_worker_id": worker})
