"""The page of results, `bench/results/returns.md`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from bench.returns.comparing import REASONS, Compared, Difference, Known
from bench.returns.running import PEERS, Used
from bench.returns.sets import CHILDREN, KINDS, SEEDS

TITLES = {"ssda903": "SSDA903", "cin": "Children in need census"}
GOALS = {"ssda903": 25, "cin": 100}  # times faster than the peer at 10,000 children
Row = tuple[str, ...]


@dataclass
class Timing:
    """What one return of one size took. `referring` is Fairhold with a postcode directory."""

    children: int
    rows: int
    megabytes: float
    ours: Used
    referring: Used | None = None
    peer: Used | None = None
    why_not: str = ""


@dataclass
class Results:
    """All that one run measured. `counts` are findings by rule in the set of middling size: ours, the peer's."""

    day: str
    machine: str
    versions: dict[str, str]
    timings: dict[str, list[Timing]] = field(default_factory=dict)
    counts: dict[str, dict[str, tuple[int, int]]] = field(default_factory=dict)
    compared: dict[str, Compared] = field(default_factory=dict)
    known: dict[tuple[str, str], Known] = field(default_factory=dict)

    def missing(self) -> list[str]:
        """Rules that differ without a reason, and reasons that nothing needs any more."""
        differ = {(name, d.rule) for name, of in self.compared.items() for d in of.unexplained()}
        told = {key for key in self.known if key[0] in self.compared}
        lines = [f"{name} {rule}: differs, and differences.csv does not say why" for name, rule in differ - told]
        lines += [f"{name} {rule}: does not differ, but has a line in differences.csv" for name, rule in told - differ]
        return sorted(lines)


def written(results: Results) -> str:
    """The page."""
    versions = ", ".join(f"{name} {version}" for name, version in results.versions.items())
    parts = [
        "# Both social care returns, beside the published checkers\n",
        f"{results.day}; {results.machine}; {versions}. `make bench-returns`.\n",
        "Each is run from the shell in a process of its own, over the same made-up files, up to its findings written"
        " down; the peers through their own interfaces, without making their reports. Fairhold: the best of three runs."
        " Memory is the most that the process held.\n",
    ]
    for name, timings in results.timings.items():
        parts += [f"## {TITLES[name]}: time and memory\n", table(*timed(name, timings)), met(name, timings)]
    if results.compared:
        parts += ["## Findings\n", how()]
    for name, of in results.compared.items():
        parts += [f"### {TITLES[name]}\n", fired(name, of), table(*differing(name, of, results.known))]
    if results.counts:
        parts.append("## Findings by rule in the set that was timed\n")
        parts.append("The made-up set of 10,000 children, or the nearest to it; Fairhold without reference data.\n")
    for name, counts in results.counts.items():
        found: list[Row] = [(rule, f"{ours:,}", f"{theirs:,}") for rule, (ours, theirs) in sorted(counts.items())]
        parts += [f"### {TITLES[name]}\n", table(("rule", "rows found by Fairhold", "by the peer"), found)]
    return "\n".join(parts)


def timed(name: str, timings: list[Timing]) -> tuple[Row, list[Row]]:
    """The table of sizes."""
    head: Row = ("children", "rows", "MB", "Fairhold")
    if name == "ssda903":
        head += ("with postcodes",)
    rows = []
    for one in timings:
        row: Row = (f"{one.children:,}", f"{one.rows:,}", f"{one.megabytes:.1f}", used(one.ours))
        if name == "ssda903":
            row += (used(one.referring),)
        rows.append((*row, used(one.peer) if one.peer else one.why_not, ratio(one)))
    return (*head, PEERS[name].name, "ratio"), rows


def used(what: Used | None) -> str:
    """Time and memory in one cell."""
    return f"{what.seconds:.2f} s, {what.mib:,.0f} MiB" if what else ""


def ratio(one: Timing) -> str:
    """How many times longer the peer takes."""
    return f"{one.peer.seconds / one.ours.seconds:,.0f}" if one.peer else ""


def met(name: str, timings: list[Timing]) -> str:
    """One line: the goal at 10,000 children, and what was measured."""
    for one in timings:
        if one.children == 10_000 and one.peer:
            times = one.peer.seconds / one.ours.seconds
            verdict = "met" if times >= GOALS[name] else "not met"
            return f"Goal: at least {GOALS[name]} times faster at 10,000 children: {times:,.0f}, {verdict}.\n"
    return f"Goal: at least {GOALS[name]} times faster at 10,000 children: not measured in this run.\n"


def how() -> str:
    """What is compared with what."""
    lines = [f"- **{kind}**: {text}" for kind, text in KINDS.items()]
    return (
        f"Compared are the rows that each rule shows, by rule, table and line, over sets of {CHILDREN:,} children:\n\n"
        + "\n".join(lines)
        + f"\n\nThe seeds are fixed ({', '.join(str(seed) for seeds in SEEDS.values() for seed in seeds)}). Both have"
        " the same postcodes and, for the spoiled sets, the same made-up list of Ofsted's providers. Where a rule"
        " differs, the reference decided: its wording wins, and a rule of Fairhold that departed from it was mended."
        " What is left differs for these reasons:\n\n"
        + "\n".join(f"- **{reason}**: {text}" for reason, text in REASONS.items())
        + "\n\nNot compared: codes of the census in small letters (Fairhold takes them as capitals, the peer does not)"
        " and a child without LAchildID (the peer stops).\n"
    )


def fired(name: str, of: Compared) -> str:
    """How many rules found something, and how many of them differ for which reasons."""
    kinds = [kind for kind in KINDS if of.fired[kind]]
    ever: set[str] = set().union(*of.fired.values())
    head = ("rules that find something in", *kinds, "any set")
    theirs: set[str] = set().union(*of.peer_fired.values())
    rows = [
        ("Fairhold", *(f"{len(of.fired[kind])}" for kind in kinds), f"{len(ever)} of {len(of.ran)}"),
        (PEERS[name].name, *(f"{len(of.peer_fired[kind])}" for kind in kinds), f"{len(theirs)}"),
    ]
    silent = ", ".join(sorted(of.ran - ever - theirs)) or "none"
    return f"{table(head, rows)}\nRules that find nothing in either: {silent}.\n"


def differing(name: str, of: Compared, known: dict[tuple[str, str], Known]) -> tuple[Row, list[Row]]:
    """The table of rules that differ."""
    head = ("rule", "rows in both", "only Fairhold", "only the peer", "reason", "explanation")
    rows: list[Row] = []
    for one in sorted(of.differences.values(), key=lambda each: each.rule):
        told = known.get((name, one.rule))
        reasons = reasons_of(one, told)
        counts = (f"{one.both:,}", f"{one.ours:,}", f"{one.theirs:,}")
        rows.append((one.rule, *counts, "; ".join(reasons), told.explanation if told else ""))
    return head, rows


def reasons_of(one: Difference, told: Known | None) -> list[str]:
    """The reason found by reading, then those that the comparison saw."""
    return ([told.reason] if told else ["**no reason known**"] if one.unexplained else []) + list(one.reasons)


def tally(results: Results) -> dict[str, Counter[str]]:
    """How many rules of each return differ for which reason; a rule may have several."""
    return {
        name: Counter(
            reason for one in of.differences.values() for reason in reasons_of(one, results.known.get((name, one.rule)))
        )
        for name, of in results.compared.items()
    }


def table(head: Row, rows: list[Row]) -> str:
    """A table of the page."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)
