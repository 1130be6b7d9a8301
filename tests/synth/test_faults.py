"""Of each kind exactly its share is planted, in the rows it applies to, and the key tells all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from fairhold.synth import lists, spoil
from fairhold.synth.build import Borough, build, known
from fairhold.synth.domain import Options
from fairhold.synth.need_rules import RULES, findings

Key = Callable[[Path, str], list[dict[str, str]]]
PUPILS = 4000


def half_up(figure: float) -> int:
    return int(figure + 0.5)


def eligible(borough: Borough) -> dict[str, int]:
    """How many rows each kind applies to, counted from what was built and not from what was planted."""
    world, consents, cases = borough.world, borough.consents, known(borough.courses, borough.cases)
    records = len(world.records)
    named = records + len(consents)
    everywhere = [r.child for r in world.records] + [c.child for c in consents] + [c.child for c in cases]
    with_number = sum(not c.upn.startswith("UN") for c in cases)
    staying = {r.child.id for r in world.records if r.left is None}
    weeks = len(world.schools) * (len(world.fridays) - 1)
    files = len(borough.post.sent) + sum(len(s.tables) for s in borough.sheets) + 2
    strange = sum(spoil.plain(c.child.surname) != c.child.surname for c in consents)
    return {
        "name_typo": named,
        "name_variant": named,
        "name_parts_swapped": named,
        "diacritics_lost": strange,
        "surname_changed": len(staying),
        "birth_date_swapped": sum(c.born.day <= 12 and c.born.day != c.born.month for c in everywhere),
        "birth_date_typo": named + len(cases),
        "birth_date_default": named + len(cases),
        "birth_date_missing": len(consents) + len(cases),
        "sex_wrong": records + len(cases),
        "address_old": records,
        "postcode_typo": records,
        "postcode_missing": records,
        "upn_missing_care": with_number,
        "upn_missing_youth": len(consents),
        "upn_wrong": named + with_number,
        "upn_temporary": PUPILS,
        "upn_two_for_one": PUPILS,
        "upn_one_for_two": PUPILS,
        "two_rolls": PUPILS,
        "on_no_roll": PUPILS,
        "left_not_arrived": PUPILS,
        "school_silent": weeks,
        "school_late": weeks,
        "file_broken": files,
    }


def test_every_kind_has_exactly_its_share(borough: Borough) -> None:
    planted = Counter(fault.kind for fault in borough.world.faults)
    rates = {kind.name: kind.rate for kind in lists.kinds().values()}
    wanted = {kind: half_up(rates[kind] * rows) for kind, rows in eligible(borough).items()}
    assert {kind: planted[kind] for kind in wanted} == wanted
    assert min(planted[kind] for kind in wanted) >= 1


def test_broken_and_copied_rows_have_exactly_their_share(borough: Borough) -> None:
    planted = Counter(fault.kind for fault in borough.world.faults)
    rows = sum(len(one.rows) for one in borough.post.sent) + len(borough.consents)
    rows += sum(len(lines) for s in borough.sheets for lines in s.tables.values())
    care_copies = sum(f.kind == "row_duplicate" and f.source == "social-care" for f in borough.world.faults)
    rows -= care_copies  # a copy is no row it could have been drawn from
    assert planted["row_broken"] == half_up(0.001 * rows)
    assert planted["row_duplicate"] == half_up(0.0005 * rows)


def test_rules_are_broken_in_their_share_of_rows(borough: Borough) -> None:
    """The faults were planted before rows were copied and one row per child without a number was added."""
    faults = [f for f in borough.world.faults if f.kind == "rule_fault_903"]
    this_year = borough.sheets[1].tables
    copies = sum(one is other for lines in this_year.values() for one, other in pairwise(lines))
    added = sum(f.field == "UASC.CHILD" for f in faults)
    rows = sum(len(lines) for lines in this_year.values()) - copies - added
    assert len(faults) == half_up(0.05 * rows)
    assert len({f.child for f in faults}) == len(faults)
    assert len({f.detail for f in faults}) >= 9


def test_rules_of_the_census_are_broken_for_their_share_of_children(borough: Borough) -> None:
    faults = [f for f in borough.world.faults if f.kind == "rule_fault_cin"]
    assert len(faults) == half_up(0.05 * len(borough.censuses[1].entries))
    assert len({f.child for f in faults}) == len(faults)
    assert {f.detail for f in faults} == {f"rule {code}" for code in RULES}
    broken = {(entry.fault, f"rule {rule}") for entry in borough.censuses[1].entries for rule, _ in findings(entry)}
    assert {(f.id, f.detail) for f in faults} <= broken


def test_double_barrelled_names_come_apart(borough: Borough) -> None:
    world = borough.world
    loosened = [f for f in world.faults if f.kind == "hyphen_or_space"]
    assert all("-" in f.true and "-" not in f.written for f in loosened)
    plain = [r for r in world.records if not (r.identity == 1 and "adopted" in r.child.traits)]
    double = sum("-" in r.child.surname for r in plain) + sum("-" in c.child.surname for c in borough.consents)
    old = sum("-" in f.true for f in loosened)
    assert half_up(0.25 * double) <= old <= half_up(0.25 * (double + 12))


@pytest.mark.parametrize("kind", sorted(lists.kinds()))
def test_every_kind_is_planted_or_says_why_not(kind: str) -> None:
    one = lists.kinds()[kind]
    assert bool(one.planted_in) is not bool(one.not_planted_because)


def test_rates_are_those_of_the_project() -> None:
    rates = {kind.name: kind.rate for kind in lists.kinds().values()}
    assert len(rates) == 40
    assert (rates["name_typo"], rates["address_old"], rates["rule_fault_903"]) == (0.02, 0.08, 0.05)


def test_nobody_protected_or_restricted_is_misnamed(borough: Borough) -> None:
    guarded = {c.id for c in borough.world.children if {"protected_address", "restricted"} & set(c.traits)}
    assert guarded
    kinds = {f.kind for f in borough.world.faults if f.child in guarded}
    assert not kinds


def test_no_two_faults_in_one_part_of_a_record(borough: Borough) -> None:
    own = {"row_broken", "row_duplicate", "rule_fault_903", "two_rolls", "left_not_arrived"}
    parts = Counter((f.source, f.record, f.field) for f in borough.world.faults if f.kind not in own and f.record)
    assert [part for part, times in parts.items() if times > 1] == []


def test_written_is_never_true(borough: Borough) -> None:
    valued = [f for f in borough.world.faults if f.kind not in {"address_old", "row_broken", "row_duplicate"}]
    assert [f for f in valued if f.field and f.true == f.written] == []


def test_a_silent_week_is_told_with_the_next_file(borough: Borough) -> None:
    assert borough.post.silent
    for silence in borough.post.silent:
        weeks = [d.week for d in borough.post.sent if d.school == silence.school]
        assert silence.week not in weeks
        if silence.week < len(borough.world.fridays) - 1:
            following = next(d for d in borough.post.sent if d.school == silence.school and d.week > silence.week)
            told = {sent.record.id for sent in following.rows}
            changed = {
                r.id
                for r in borough.world.records
                if r.school == silence.school and any(c.week == silence.week for c in r.changes)
            }
            assert changed <= told


def test_late_files_are_dated_late_and_not_after_today(borough: Borough) -> None:
    late = [d for d in borough.post.sent if d.late]
    assert late
    for one in late:
        due = borough.world.fridays[one.week]
        assert (one.dated.date() - due).days == one.late >= 2
        assert one.dated.date() <= date(2026, 11, 23)


def test_a_clean_borough_has_no_fault(clean: Path, key: Key) -> None:
    assert key(clean, "faults") == []
    assert {row["state"] for row in key(clean, "rows")} == {""}
    assert {row["state"] for row in key(clean, "files")} == {"whole"}
    assert key(clean, "expected_findings") == []


def test_double_the_faults(tmp_path: Path) -> None:
    one, two = (build(Options(1000, 2, times, 5, date(2026, 11, 23), tmp_path)) for times in (1.0, 2.0))
    typos = [Counter(f.kind for f in b.world.faults)["name_typo"] for b in (one, two)]
    assert typos[1] == pytest.approx(2 * typos[0], rel=0.05)
    assert sum("protected_address" in c.traits for c in one.world.children) == 3
    assert sum("protected_address" in c.traits for c in two.world.children) == 3
