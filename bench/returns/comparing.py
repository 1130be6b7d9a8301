"""What Fairhold and a peer found in the same files, rule by rule, and why they differ."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from bench.returns.running import check_cin, check_ssda903, peer_cin, peer_ssda903, reference, said
from bench.returns.sets import Case
from fairhold.returns import cin as census

LEDGER = Path(__file__).with_name("differences.csv")
CRASHES = "peer crashes"
SKIPS = "peer did not run"
CHANGES = "peer changes its own data"
NOT_RUN = "Fairhold did not run"
# every reason there is; the first four are seen by the comparison itself, the others stand in differences.csv
REASONS = {
    CRASHES: "the rule ends with an error in the peer",
    SKIPS: "the peer leaves the rule out, though its tables are there",
    CHANGES: "an earlier rule of the peer changed the data; alone, the rule finds the same",
    NOT_RUN: "Fairhold says that the rule cannot run on these files",
    "peer departs from wording": "the peer does otherwise than the rule says",
    "blank handled otherwise": "one takes a blank as a value, the other as no answer",
    "unreadable date handled otherwise": "a text that is no date counts as given for the peer, as blank for Fairhold",
    "order of the file": "rows are equal by the rule, and one of them is shown",
    "reference unclear": "the rule can be read either way",
}
Places = dict[str, set[tuple[str, int]]]  # rule: table and line (SSDA903) or row (census)


@dataclass
class Found:
    """What one checker found in one set, and the rules it skipped or failed at."""

    places: Places
    skipped: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


@dataclass
class Difference:
    """A rule that finds other rows in the two, over all sets together."""

    rule: str
    both: int = 0
    ours: int = 0
    theirs: int = 0
    reasons: dict[str, None] = field(default_factory=dict)
    unexplained: bool = False  # by the comparison itself
    sets: list[str] = field(default_factory=list)


@dataclass
class Compared:
    """One return over all sets: the rules that ran and fired in each kind of set, and those that differ."""

    ran: set[str] = field(default_factory=set)
    fired: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    peer_fired: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    differences: dict[str, Difference] = field(default_factory=dict)

    def unexplained(self) -> list[Difference]:
        """Those for which the comparison itself sees no reason."""
        return [one for one in self.differences.values() if one.unexplained]

    def add(self, case: Case, ours: Found, theirs: Found, apart: Places) -> None:
        """Take in one set. `apart` is what the peer finds when no rule sees what another one left."""
        self.ran |= set(ours.places) - ours.skipped
        for rule in sorted(set(ours.places) | set(theirs.places) | theirs.failed):
            mine, its = ours.places.get(rule, set()), theirs.places.get(rule, set())
            if mine:
                self.fired[case.kind].add(rule)
            if its:
                self.peer_fired[case.kind].add(rule)
            if mine == its:
                continue
            one = self.differences.setdefault(rule, Difference(rule))
            one.both += len(mine & its)
            one.ours += len(mine - its)
            one.theirs += len(its - mine)
            one.sets.append(case.name)
            reason = _seen(rule, ours, theirs, mine == apart.get(rule, set()))
            if reason:
                one.reasons[reason] = None
            else:
                one.unexplained = True


def _seen(rule: str, ours: Found, theirs: Found, same_apart: bool) -> str:
    """The reason that the comparison itself sees; blank when it sees none."""
    if rule in ours.skipped:
        return NOT_RUN
    if rule in theirs.failed:
        return CRASHES
    if rule in theirs.skipped:
        return SKIPS
    return CHANGES if same_apart else ""


def compare_ssda903(case: Case, out: Path) -> tuple[Found, Found, Places]:
    """Both checkers over one set of SSDA903, with the same reference data; and the peer with its rules kept apart."""
    check_ssda903(case.ssda903, out / "fairhold", reference(case.providers))
    peer_ssda903(case.ssda903, out / "peer.csv", case.providers)
    peer_ssda903(case.ssda903, out / "apart.csv", case.providers, apart=True)
    return _ours(out / "fairhold"), _theirs(out / "peer.csv"), _theirs(out / "apart.csv").places


def compare_cin(case: Case, out: Path) -> tuple[Found, Found, Places]:
    """Both checkers over one census; the peer gives every rule a copy of its own by itself."""
    check_cin(case.cin, out / "fairhold")
    peer_cin(case.cin, out / "peer.csv")
    lines, rows = _rows(case.cin)
    ours, theirs = _ours(out / "fairhold"), _theirs(out / "peer.csv")
    for found, known in ((ours, lines), (theirs, rows)):
        for rule, places in found.places.items():
            found.places[rule] = {known.get(place, place) for place in places}
    return ours, theirs, {}


def _ours(out: Path) -> Found:
    summary: dict[str, Any] = said(out.with_suffix(".json"))
    places: Places = {rule: set() for rule in summary["rules_run"]}
    with out.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            places[row["rule"]].add((row["table"], int(row["line"] or 0)))
    return Found(places, skipped=set(summary["rules_not_run"]))


def _theirs(out: Path) -> Found:
    places: Places = defaultdict(set)
    with out.open(encoding="utf-8", newline="") as file:
        for rule, table, line in csv.reader(file):
            places[rule].add((table, int(line or 0)))
    told: dict[str, Any] = said(Path(f"{out}.json"))
    return Found(places, set(told["skipped"]), set(told["failed"]))


def _rows(file: Path) -> tuple[dict[tuple[str, int], tuple[str, int]], dict[tuple[str, int], tuple[str, int]]]:
    """How places of a census are told alike: by Fairhold's lines, and by the peer's rows from 0.

    It reads only the first day of each element Reviews, none of an empty list, and reports nothing of the header but
    that the rule found something.
    """
    given, _ = census.read_xml(file.name, file.read_bytes(), census.RETURN.tables())
    values = {"Disabilities": "Disability", "AssessmentFactorsList": "AssessmentFactors"}
    days = [len(reviews.findall("CPPreviewDate")) for reviews in ElementTree.parse(file).iter("Reviews")]
    ends = accumulate(max(1, count) for count in days)
    first = {end - count + 1 for end, count in zip(ends, days, strict=True) if count}
    lines: dict[tuple[str, int], tuple[str, int]] = {}
    rows: dict[tuple[str, int], tuple[str, int]] = {}
    for table, of in given.items():
        counted = 0
        for row in range(1, len(of.sheet.records) + 1):
            place = ("", 0) if table == "Header" else (table, row)
            lines[table, of.sheet.line(row)] = place
            if row in first if table == "Reviews" else table not in values or of.value(row, values[table]):
                rows[table, counted] = place
                counted += 1
    return lines, rows


@dataclass(frozen=True)
class Known:
    """One line of differences.csv: why a rule differs, found by reading the reference."""

    reason: str
    explanation: str
    dated: str


def ledger() -> dict[tuple[str, str], Known]:
    """The explained differences by return and rule. Raises ValueError for a reason that is not on the list."""
    found = {}
    with LEDGER.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["reason"] not in REASONS:
                raise ValueError(f"differences.csv: {row['reason']} is not one of {', '.join(REASONS)}")
            found[row["return"], row["rule"]] = Known(row["reason"], row["explanation"], row["dated"])
    return found
