"""Runs it all: `python -m bench.returns [CHILDREN…] [--all-peers] [--no-times] [--no-findings]`.

Writes bench/results/returns.md. Exit code 1 when a rule finds other rows than the peer and differences.csv does not say
why, or says so of one that does not any more. Time is only worth something on a quiet machine.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from bench.returns import comparing, page, running
from bench.returns.running import BUILD, PEERS, Used
from bench.returns.sets import Case, compared, made
from bench.run import RESULTS, machine

SIZES = (1_000, 10_000, 50_000)
SLOW = 10_000  # more children than this take the census's peer most of an hour
TIMES = 3


def main() -> int:
    """Measure, compare, write the page."""
    asked = argparse.ArgumentParser(prog="python -m bench.returns", description=__doc__)
    asked.add_argument("sizes", nargs="*", type=int, default=SIZES, metavar="CHILDREN")
    asked.add_argument("--all-peers", action="store_true", help="run the census's peer on the large sets too")
    asked.add_argument("--no-times", action="store_true", help="only compare findings")
    asked.add_argument("--no-findings", action="store_true", help="only measure times")
    given = asked.parse_args()
    for peer in PEERS.values():
        say(f"{peer.name} {peer.version}")
        running.prepare(peer)
    running.reference()
    versions = {"Fairhold": importlib.metadata.version("fairhold")} | {p.name: p.version for p in PEERS.values()}
    results = page.Results(date.today().isoformat(), full_machine(), versions, known=comparing.ledger())
    if not given.no_findings:
        compare(results)
    if not given.no_times:
        measure(results, sorted(given.sizes), given.all_peers)
    (RESULTS / "returns.md").write_text(page.written(results), encoding="utf-8")
    for name, reasons in page.tally(results).items():
        say(f"{name}: {', '.join(f'{count} x {reason}' for reason, count in reasons.most_common())}")
    for name, timings in results.timings.items():
        say(f"{name}: {page.met(name, timings).strip()}")
    missing = results.missing()
    for line in missing:
        print(line, file=sys.stderr)
    return int(bool(missing))


def compare(results: page.Results) -> None:
    """Findings of both checkers over the sets that are always the same."""
    cases = compared()
    for name, both in (("ssda903", comparing.compare_ssda903), ("cin", comparing.compare_cin)):
        of = results.compared[name] = comparing.Compared()
        for case in cases:
            say(f"{name}: findings in {case.name}")
            out = BUILD / "found" / name / case.name
            out.mkdir(parents=True, exist_ok=True)
            of.add(case, *both(case, out))


def measure(results: page.Results, sizes: list[int], all_peers: bool) -> None:
    """Time and memory over made-up sets of these sizes."""
    shown = min(sizes, key=lambda size: abs(size - SLOW))
    for size in sizes:
        say(f"a made-up set of {size:,} children")
        case = made(size)
        out = BUILD / "timed" / str(size)
        out.mkdir(parents=True, exist_ok=True)
        for name in PEERS:
            say(f"{name}: {size:,} children")
            timing = timed(name, case, out / name, size, all_peers or name == "ssda903" or size <= SLOW)
            results.timings.setdefault(name, []).append(timing)
            if size == shown:
                results.counts[name] = counted(out / name)


def timed(name: str, case: Case, out: Path, size: int, with_peer: bool) -> page.Timing:
    """One return of one size."""
    out.mkdir(exist_ok=True)
    if name == "ssda903":
        files = [file for year in ("2026", "2027") for file in (case.ssda903 / year).glob("*.csv")]
        rows = sum(file.read_bytes().count(b"\n") - 1 for file in files)
        ours = best([running.check_ssda903(case.ssda903, out / "fairhold") for _ in range(TIMES)])
        directory = running.reference()
        referring = best([running.check_ssda903(case.ssda903, out / "referring", directory) for _ in range(TIMES)])
        peer = running.peer_ssda903(case.ssda903, out / "peer.csv") if with_peer else None
    else:
        files, referring = [case.cin], None
        ours = best([running.check_cin(case.cin, out / "fairhold") for _ in range(TIMES)])
        rows = sum(running.said(out / "fairhold.json")["rows"].values())  # type: ignore[attr-defined]
        peer = running.peer_cin(case.cin, out / "peer.csv") if with_peer else None
    megabytes = sum(file.stat().st_size for file in files) / 1e6
    why_not = "" if with_peer else "not run: it takes about three quarters of an hour (`ALL_PEERS=1`)"
    return page.Timing(size, rows, megabytes, ours, referring, peer, why_not)


def best(runs: list[Used]) -> Used:
    """The quickest of some runs."""
    return min(runs, key=lambda one: one.seconds)


def counted(out: Path) -> dict[str, tuple[int, int]]:
    """Rows found by rule: ours, the peer's."""
    with (out / "fairhold.csv").open(encoding="utf-8", newline="") as file:
        ours = Counter(row["rule"] for row in csv.DictReader(file))
    theirs: Counter[str] = Counter()
    if (out / "peer.csv").exists():
        with (out / "peer.csv").open(encoding="utf-8", newline="") as file:
            theirs = Counter(row[0] for row in csv.reader(file))
    return {rule: (ours[rule], theirs[rule]) for rule in {*ours, *theirs}}


def full_machine() -> str:
    """Cores, system and memory, without the machine's name."""
    memory = ""
    known = Path("/proc/meminfo")
    if known.exists():
        memory = f", {int(known.read_text().split()[1]) / 2**20:.0f} GiB"
    return machine() + memory


def say(what: str) -> None:
    """A line of progress."""
    print(f"== {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
