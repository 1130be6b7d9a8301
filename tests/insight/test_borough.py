"""Measures of a whole borough: exactly what plain Python counts in the truth, near the published rates, and safe."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.test import Client
from tests.insight.conftest import CHILDREN, TODAY, made_up

from fairhold import access, release
from fairhold.access import accounts
from fairhold.dates import clock
from fairhold.dates.holidays import holidays
from fairhold.dates.working import working_days_between
from fairhold.engine import database
from fairhold.insight import computing, domain, figures, targets
from fairhold.insight.counting import Counts
from fairhold.synth.build import Borough
from fairhold.synth.care import Course
from fairhold.synth.need import Assessment, Case, Enquiry, Protection, Spell

YEARS = {2026: (date(2025, 4, 1), date(2026, 3, 31)), 2027: (date(2026, 4, 1), TODAY)}


@pytest.fixture(scope="module")
def counts(borough: Borough) -> Counts:
    """The exact counts, which nobody sees outside the purpose they are made under."""
    with access.scope(made_up("analyst"), "statistics") as scope:
        scope.notes.append(access.Note(door="measures.compute"))
        with scope.under(computing.PRODUCTION):
            return computing.count(scope, TODAY, clock.now(), None)


def spells(borough: Borough) -> Iterator[tuple[Case, Spell]]:
    """Every episode of need that the case system knows of today."""
    return (
        (case, spell)
        for case in borough.cases
        for spell in case.spells
        if case.start <= TODAY and spell.referred <= TODAY
    )


def within(day: date | None, year: int) -> bool:
    first, last = YEARS[year]
    return day is not None and first <= day <= last


def working(first: date, last: date) -> int:
    return working_days_between(first, last, holidays())


def referrals(borough: Borough, year: int) -> tuple[int, int]:
    return sum(within(spell.referred, year) for _, spell in spells(borough)), 0


def no_action(borough: Borough, year: int) -> tuple[int, int]:
    found = [spell.no_action for _, spell in spells(borough) if within(spell.referred, year)]
    return sum(found), len(found) - sum(found)


def again(borough: Borough, year: int) -> tuple[int, int]:
    """A year before, less a day: 29 February has its anniversary on 1 March."""
    yes = no = 0
    for case, spell in spells(borough):
        if within(spell.referred, year):
            before = [one.referred for one in case.spells if one.referred < spell.referred]
            recent = any(
                (day.year + 1, day.month, day.day) > (spell.referred.year, spell.referred.month, spell.referred.day)
                for day in before
            )
            yes, no = yes + recent, no + (not recent)
    return yes, no


def in_45_days(borough: Borough, year: int) -> tuple[int, int]:
    done: list[tuple[Spell, Assessment]] = [
        (spell, one) for _, spell in spells(borough) for one in spell.assessments if within(one.authorised, year)
    ]
    yes = sum(working(spell.referred, one.authorised or TODAY) <= 45 for spell, one in done)
    return yes, len(done) - yes


def conferences(borough: Borough, year: int) -> tuple[int, int]:
    held: list[Enquiry] = [
        one for _, spell in spells(borough) for one in spell.enquiries if within(one.conference, year)
    ]
    yes = sum(working(one.started, one.conference or TODAY) <= 15 for one in held)
    return yes, len(held) - yes


def plans(borough: Borough) -> list[Protection]:
    return [plan for _, spell in spells(borough) for plan in spell.protections if plan.started <= TODAY]


def on_a_plan(borough: Borough, year: int) -> tuple[int, int]:
    last = YEARS[year][1]
    return sum(plan.started <= last and (plan.ended is None or plan.ended > last) for plan in plans(borough)), 0


def second_plans(borough: Borough, year: int) -> tuple[int, int]:
    begun = [plan for plan in plans(borough) if within(plan.started, year)]
    yes = sum(plan.before > 0 for plan in begun)
    return yes, len(begun) - yes


def in_care(borough: Borough, day: date) -> list[Course]:
    return [one for one in borough.courses if one.start <= day and (one.end is None or one.end > day)]


def looked_after(borough: Borough, year: int) -> tuple[int, int]:
    return len(in_care(borough, YEARS[year][1])), 0


def three_placements(borough: Borough, year: int) -> tuple[int, int]:
    first, last = YEARS[year]
    yes = no = 0
    for one in in_care(borough, last):
        open_ = [e for e in one.episodes if e.started <= last]
        placed = 0
        places = []
        for e in open_:
            placed += e.rne in {"S", "P", "B"}
            if e.ended is None or e.ended >= first:
                places.append(placed)
        yes, no = yes + (len(set(places)) >= 3), no + (len(set(places)) < 3)
    return yes, no


def adopted(borough: Borough, year: int) -> tuple[int, int]:
    left = [one for one in borough.courses if within(one.end, year)]
    yes = sum(one.episodes[-1].rec in {"E11", "E12"} for one in left)
    return yes, len(left) - yes


def missing(borough: Borough, year: int) -> tuple[int, int]:
    first, last = YEARS[year]
    cared = [one for one in borough.courses if one.start <= last and (one.end is None or one.end >= first)]
    yes = sum(
        any(kind == "M" and away <= last and (back is None or back >= first) for kind, away, back in one.missing)
        for one in cared
    )
    return yes, len(cared) - yes


PLAIN = {
    "referrals": referrals,
    "referrals-nfa": no_action,
    "re-referrals": again,
    "assessments-45-days": in_45_days,
    "icpc-15-days": conferences,
    "cp-rate": on_a_plan,
    "second-plans": second_plans,
    "cla-rate": looked_after,
    "three-placements": three_placements,
    "ceased-adopted": adopted,
    "missing": missing,
}


@pytest.mark.proves("N058")
@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("code", PLAIN)
def test_a_measure_counts_what_plain_python_counts_in_the_truth(
    borough: Borough, counts: Counts, code: str, year: int
) -> None:
    cell = counts.found[code, year]["", ""].cell
    assert (cell.met.things, cell.rest.things if cell.rest else 0) == PLAIN[code](borough, year)
    assert counts.until[code, year] == YEARS[year][1]


@pytest.mark.proves("N058")
@pytest.mark.parametrize(
    ("code", "planted", "tolerance"),
    [
        ("referrals-nfa", 0.8, 1.5),
        ("assessments-45-days", 99.3, 1.5),
        ("icpc-15-days", 74.8, 9),
        ("child-seen", 96, 2.5),
        ("health-assessments", 93, 8),
        ("dental-checks", 84, 12),
        ("immunisations", 63, 14),
    ],
)
def test_the_rates_that_were_planted_come_out(counts: Counts, code: str, planted: float, tolerance: float) -> None:
    """The published rates of the borough the synthetic one is drawn after, over both years."""
    cells = [counts.found[code, year]["", ""].cell for year in YEARS]
    yes = sum(cell.met.things for cell in cells)
    of = yes + sum(cell.rest.things for cell in cells if cell.rest)
    assert 100 * yes / of == pytest.approx(planted, abs=tolerance)


@pytest.mark.proves("N002", "N058")
def test_what_is_shown_are_the_counts_made_safe(borough: Borough, counts: Counts) -> None:
    with access.scope(made_up("leadership"), "performance") as scope:
        found, run = figures.overview(scope)
    assert run is not None
    assert len(found) == len(domain.measures())
    shown = {(one.measure.code, year.year): year.figure for one in found for year in one.years if year.figure}
    assert set(shown) == set(counts.found)
    for key, figure in shown.items():
        cell = counts.found[key]["", ""].cell
        if figure.withheld:
            assert (figure.numerator, figure.denominator, figure.value) == (None, None, None)
            continue
        assert figure.numerator == release.safe(cell.met.things)
        assert figure.numerator % 5 == 0
        assert cell.met.children == 0 or cell.met.children >= release.LEAST
        if cell.rest is not None and not cell.is_empty:
            assert min(cell.met.children, cell.rest.children) >= release.LEAST
            assert figure.value == round(100 * figure.numerator / figure.denominator)
    referrals = counts.found["referral-rate", 2026]["", ""].cell.met.things
    rate = shown["referral-rate", 2026]
    assert rate.value == pytest.approx(10_000 * referrals / CHILDREN, abs=4)


@pytest.mark.proves("N002")
@pytest.mark.parametrize(
    "table", ["system.measure_cell", "system.measure_proof", "social_care.need_episode", "people.birth", "people.link"]
)
def test_leadership_and_statistics_reach_no_count_behind_a_figure(borough: Borough, table: str) -> None:
    for role, purpose in (("leadership", "performance"), ("analyst", "statistics")):
        with access.scope(made_up(role), purpose) as scope, pytest.raises(access.Refused, match="may not use"):
            scope.rows(f"select * from {table}")


@pytest.mark.proves("N002")
def test_every_breakdown_is_complete_and_hides_what_it_must(borough: Borough, counts: Counts) -> None:
    """As stored: each group of each table is there, and no small one can be seen or had from the others."""
    with database.connect("owner") as owner:
        rows = owner.execute(
            "select measure, year, breakdown, grp, numerator, withheld from system.measure_cell where run_id = 1"
        ).fetchall()
    stored = {
        (measure, year, breakdown, grp): (numerator, hidden)
        for measure, year, breakdown, grp, numerator, hidden in rows
    }
    assert {key[:2] for key in stored} == set(counts.found)
    for (code, year), groups in counts.found.items():
        one = domain.find(code)
        for name in one.cuts:
            cells = {group: of.cell for (breakdown, group), of in groups.items() if breakdown == name}
            hidden = {group for group in cells if stored[code, year, name, group][1]}
            small = {group for group, cell in cells.items() if release.is_small(cell)}
            assert small <= hidden, (code, year, name)
            if hidden and one.unit != domain.EACH and not stored[code, year, "", ""][1]:
                together = [cells[group].met.things for group in hidden]
                assert sum(together) == 0 or sum(together) >= release.LEAST, (code, year, name)
                assert len([group for group in hidden if not cells[group].is_empty]) != 1, (code, year, name)


@pytest.fixture(scope="module")
def leadership(borough: Borough) -> Client:
    """A browser of somebody who leads."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    import django

    django.setup()
    accounts.add_made_up(name="Made-up leader", login="leadership", role_slug="leadership")
    client = Client(HTTP_HOST="localhost")
    client.post("/sign-in/made-up/", {"account": accounts.made_up()[0].id})
    with access.scope(made_up("leadership"), "performance") as scope:
        targets.set_target(scope, measure="icpc-15-days", year=2027, value=95, better="higher")
        targets.set_target(scope, measure="re-referrals", year=2027, value=25, better="lower")
    return client


@pytest.mark.proves("N002", "N058")
def test_leadership_sees_measures_by_area_with_trend_and_target_and_no_child(
    leadership: Client, borough: Borough
) -> None:
    page = leadership.get("/measures/").content.decode()
    for area in ("Front door", "Assessment", "CIN", "Child protection", "Looked after", "Care leavers"):
        assert f">{area}</caption>" in page
    assert "Not met: at least 95" in page
    assert "Met: at most 25" in page
    assert 'aria-label="2025/26 ' in page  # the small line says its figures
    assert "Care applications" in page  # left out, with the reason
    figures_ = re.findall(r'numeric">\s*([\d,.]+|withheld|<)', page)
    assert len(figures_) == len(domain.measures())
    seen = page + "".join(leadership.get(f"/measures/{code}/").content.decode() for code in domain.measures())
    for case in borough.cases[:300]:
        assert case.key not in seen
        assert case.upn not in seen or case.upn.startswith("UN")


@pytest.mark.proves("N002")
def test_a_measures_page_tells_definition_trend_groups_and_tests(leadership: Client, counts: Counts) -> None:
    page = leadership.get("/measures/icpc-15-days/").content.decode()
    for words in (
        *("The clock starts with the strategy discussion", "Year to 23 November 2026", "2026/27 so far", "By age"),
        *(
            "conferences held in the year after an enquiry",
            "95 or higher",
            "Examples: section_47",
            "Counted, and meets it",
        ),
        *("DfE LAIT data dictionary", "working_days_between", 'src="/measures/icpc-15-days/trend.svg"', "withheld"),
    ):
        assert words in page, words
    earlier = leadership.get("/measures/icpc-15-days/?year=2026").content.decode()
    assert "Groups in the year to 31 March 2026" in earlier
    svg = leadership.get("/measures/icpc-15-days/trend.svg")
    assert (svg.status_code, svg.headers["Content-Type"]) == (200, "image/svg+xml")
    shares = leadership.get("/measures/referrals-by-source/shares.svg?year=2026").content.decode()
    assert "Police" in shares
    assert (
        "Housing" not in shares
        or counts.found["referrals-by-source", 2026]["referral_source", "housing"].cell.met.children > 7
    )


@pytest.mark.proves("N002")
def test_what_is_taken_away_is_what_is_shown(leadership: Client, counts: Counts) -> None:
    from python_calamine import CalamineWorkbook

    answer = leadership.get("/measures/cla-rate/figures.csv?year=2026")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cla-rate.csv"'
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert lines[0][-4:] == ["group", "numerator", "denominator", "for 10,000 children"]
    groups = counts.found["cla-rate", 2026]
    numbers = {line[6] for line in lines[1:]}
    assert "c" in numbers
    assert all(number == "c" or int(number) % 5 == 0 for number in numbers)
    assert len(lines) - 1 == 2 + len(groups) - 1  # two years of all, and every group of one
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(leadership.get("/measures/cla-rate/figures.xlsx?year=2026").content)
    )
    assert book.sheet_names == ["Figures", "Definition"]
    rows = book.get_sheet_by_name("Figures").to_python()
    assert [str(row[5]) for row in rows] == [line[5] for line in lines]


@pytest.mark.parametrize(
    "address",
    [
        "nothing/",
        "referrals/?year=1999",
        "referrals/?year=x",
        "referrals/?year=２０２６",
        "referrals/shares.svg",
        "nothing/figures.csv",
    ],
)
def test_what_does_not_exist_is_not_found(leadership: Client, address: str) -> None:
    assert leadership.get(f"/measures/{address}").status_code == 404


def test_the_command_shows_the_same(borough: Borough, leadership: Client) -> None:
    from tests.house.outputs import command

    shown = command("leadership", "measures", "show", "icpc-15-days", "--purpose", "performance")
    assert shown.code == 0, shown.err
    assert "; target 95, higher is better" in shown.out
    told = json.loads(command("leadership", "measures", "show", "referrals", "--purpose", "performance", "--json").out)
    assert [year["year"] for year in told["years"]] == [2026, 2027]
    assert all((group["numerator"] or 0) % 5 == 0 for groups in told["breakdowns"].values() for group in groups)
    listed = command("leadership", "measures", "list")
    assert f"{len(domain.measures())} measures. Left out are" in listed.out
    assert command("leadership", "measures", "show", "nothing", "--purpose", "performance").err.startswith(
        "There is no measure nothing"
    )
    assert command("leadership", "measures", "compute").err.startswith("A Leadership may not work under the purpose")
    assert command("leadership", "measures", "test", "re-referrals").out.startswith("1 pages tested, 0 examples")


def _scope() -> AbstractContextManager[access.Scope]:
    return access.scope(made_up("analyst"), "statistics")


def _forget(many: int, at: str) -> None:
    """A later file takes referrals of the newest year back."""
    with database.connect("owner") as owner:
        owner.execute("alter table social_care.need_episode no force row level security")
        owner.execute(
            "update social_care.need_episode set known_until = %s where id in (select id from social_care.need_episode"
            " where known_until = 'infinity' and referral_date >= '2026-04-01' order by id limit %s)",
            (at, many),
        )
        owner.execute("alter table social_care.need_episode force row level security")


@pytest.mark.proves("N058", "N002")
def test_runs_reproduce_and_a_figure_moves_only_when_eight_children_did(borough: Borough, counts: Counts) -> None:
    """Some records are taken back later. Keep this test last: the store is not what it was."""
    before = counts.found["referrals", 2027]["", ""].cell.met.things
    with clock.frozen(TODAY + timedelta(days=1)), _scope() as scope:
        assert computing.compute(scope).changed == 0
    _forget(5, "2026-11-25")
    with clock.frozen(TODAY + timedelta(days=2)), _scope() as scope:
        computing.compute(scope)
        shown = figures.show(scope, code="referrals", year=2027)
    assert [each.figure.numerator for each in shown.versions] == [release.safe(before)]
    assert release.safe(before) != release.safe(before - 5)
    _forget(40, "2026-11-26")
    with clock.frozen(TODAY + timedelta(days=3)):
        with _scope() as scope:
            assert computing.compute(scope).changed > 0
            shown = figures.show(scope, code="referrals", year=2027)
            numbers = [each.figure.numerator for each in shown.versions]
            assert numbers == [release.safe(before), release.safe(before - 45)]
            for run in figures.runs(scope):
                assert computing.reproduce(scope, run=run.id) == (len(counts.found), [])
        with pytest.raises(domain.MeasureError, match="choose a day from 2026-11-26 to today"), _scope() as scope:
            computing.compute(scope, on=TODAY)
        with database.connect("owner") as owner:  # disposal takes facts away for good
            owner.execute("delete from social_care.need_episode where known_until <= '2026-11-26'")
        with _scope() as scope:
            _, differ = computing.reproduce(scope, run=1)
    assert "referrals" in {one.measure for one in differ}
    assert {one.why for one in differ} == {"the facts it rests on are not all there any more"}
