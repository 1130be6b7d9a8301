"""The demo's day, step by step: each step is what a person of some role does under the purpose they choose."""

from __future__ import annotations

import csv
import getpass
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from fairhold import access, choices, identity, intake, ledger, proof, record  # noqa: F401  (the record follows intake)
from fairhold.access import ROLES, Machine, accounts, schema
from fairhold.cli import demo_score
from fairhold.intake import Freshness, Outcome, Summary

YEAR, LA, CENSUS_LA = 2027, "E09000031", "320"
NAMES = {
    "data-officer": "Dana Marsh",
    "analyst": "Ade Bello",
    "ig-officer": "Imogen Grant",
    "youth-officer": "Yusuf Rahman",
    "social-worker": "Sally Woods",
    "send-officer": "Sam Endean",
    "leadership": "Leah Carr",
    "administrator": "Adam Minster",
    "partner": "Petra Nowak",
}
# four eyes need two pairs
SECOND = {"ig-officer": ("ig-officer-2", "Ines Gill"), "analyst": ("analyst-2", "Asha Quinn")}


@dataclass
class Day:
    """Where this demo lives and what borough it has."""

    home: Path
    borough: Path
    pupils: int
    seed: int

    @property
    def out(self) -> Path:
        """The folder of results; they are classified outputs."""
        folder = self.home / "out"
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def actor(self, login: str) -> access.Actor:
        """The made-up person who signs in under this name."""
        found = accounts.by_login(login)
        assert found is not None
        return found.actor()


def set_up(day: Day) -> str:
    """Start the database, bring the store up to date, and add one made-up person a role."""
    schema.migrate(demo=True)
    for role in ROLES:
        mine = getpass.getuser() if role.slug == "data-officer" else None
        accounts.add_made_up(name=NAMES[role.slug], login=role.slug, role_slug=role.slug, os_user=mine)
        if role.slug in SECOND:
            login, name = SECOND[role.slug]
            accounts.add_made_up(name=name, login=login, role_slug=role.slug)
    accounts.add_made_up(name="Daily run (made up)", login=Machine.slug, role_slug=Machine.slug)
    return f"{len(ROLES)} roles, {len(accounts.made_up())} made-up people; commands you type act as the data officer"


def make_up(day: Day) -> str:
    """Write the borough's files, unless an earlier run of the same borough did."""
    from fairhold.dates import clock  # noqa: PLC0415
    from fairhold.synth.domain import Options  # noqa: PLC0415
    from fairhold.synth.write import write_borough  # noqa: PLC0415

    wanted = {"pupils": day.pupils, "seed": day.seed}
    note = day.home / "borough.json"
    if note.exists() and (kept := json.loads(note.read_text("utf-8")))["wanted"] == wanted:
        return f"kept from the last run: {kept['said']}"
    if note.exists():
        raise access.Refused(
            f"{day.home} holds another made-up borough: set FAIRHOLD_HOME to a new folder, or remove this one."
        )
    made = write_borough(Options(day.pupils, 2, 1.0, day.seed, clock.today(), day.borough))
    said = f"{made.schools} schools, {made.files} files, {made.rows:,} rows, {made.faults:,} faults planted"
    note.write_text(json.dumps({"wanted": wanted, "said": said}), "utf-8")
    return said


def register(day: Day) -> str:
    """Register the borough's sources; what is not registered is refused."""
    with (day.borough / "registers" / "sources.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    sources = [
        intake.NewSource(
            kind=row["KIND"],  # type: ignore[arg-type]
            name=row["NAME"],
            lea=row["LEA"] or None,
            estab=row["ESTAB"] or None,
            urn=row["URN"] or None,
            case_system="made up" if row["KIND"] == "case-system" else None,
        )
        for row in rows
    ]
    with access.scope(day.actor("administrator"), "administration", login="worker") as scope:
        added = intake.add_sources(scope, sources=sources)
    return f"{len(sources)} sources ({added} new)"


def take_in(day: Day) -> str:
    """Take everything in: the register of protected children first, so that nobody is visible for a moment."""
    register_file = day.borough / "registers" / "protection.csv"
    done = intake.take_in(day.actor("data-officer"), [register_file])
    done += intake.take_in(day.actor("data-officer"), [day.borough / "in"])
    done += intake.take_in(day.actor("data-officer"), [day.borough / "registers" / "offers.csv"])
    return _counted(done)


def _counted(done: list[Summary]) -> str:
    outcomes = {outcome: sum(one.outcome is outcome for one in done) for outcome in Outcome}
    files = ", ".join(f"{count} {outcome.value}" for outcome, count in outcomes.items() if count)
    rows, facts = sum(one.rows for one in done), sum(one.added for one in done)
    aside = sum(one.set_aside for one in done)
    return f"{len(done)} files: {files}; {rows:,} rows, {facts:,} facts new, {aside} rows or values set aside"


def join(day: Day) -> str:
    """Link the records of one child, and compare with the answer key."""
    with access.scope(day.actor("data-officer"), "record-matching", login="worker") as scope:
        made = identity.link_all(scope)
        score = demo_score.links(scope, day.borough / "key")
    links, doubts = sum(made.links.values()), sum(made.doubts.values())
    return f"{links:,} new links, {doubts:,} new doubts for a person; {score}"


def choose(day: Day) -> str:
    """Take in the choices that families made about youth support; a row that fits no child is left and counted."""
    register_file = day.borough / "registers" / "consents.csv"
    with access.scope(day.actor("data-officer"), "data-intake", login="worker") as scope:
        added, left = choices.take_in(scope, register_file.read_bytes())
    return f"{added:,} consents and objections recorded, {len(left)} rows left because no one child fits"


def late(day: Day) -> str:
    """Whose weekly file is missing."""
    with access.scope(day.actor("data-officer"), "data-intake", login="worker") as scope:
        found = intake.feeds(scope)
    missing = [feed for feed in found if feed.state is not Freshness.FRESH]
    first = f", first {missing[0].source}" if missing else ""
    return f"{len(missing)} of {len(found)} schools are late{first}"


def check(day: Day) -> str:
    """Check the looked-after children return, and compare with the answer key."""
    from fairhold.returns import checking  # noqa: PLC0415
    from fairhold.returns.output import save, summary  # noqa: PLC0415
    from fairhold.returns.workspace import books, runs  # noqa: PLC0415

    folder = day.borough / "in" / "social-care"
    checked = checking.check("ssda903", YEAR, LA, [folder / str(YEAR)], previous=[folder / str(YEAR - 1)])
    with access.scope(day.actor("analyst"), "statutory-returns", login="worker") as scope:
        number = runs.check(scope, name="ssda903", year=YEAR, la=LA)
        save(day.out / "findings.xlsx", books.export_tables(scope, run=number))  # as an analyst may have it
    save(day.out / "summary.json", summary(checked))
    return demo_score.findings(checked, day.borough / "key")


def build(day: Day) -> str:
    """Build both social care returns from the record, and compare them with what was delivered."""
    from fairhold.returns.submission import builds, comparing  # noqa: PLC0415

    said = []
    for name, la in (("cin", CENSUS_LA), ("ssda903", LA)):
        with access.scope(day.actor("analyst"), "statutory-returns", login="worker") as scope:
            found = comparing.compare(scope, build=builds.build(scope, name=name, year=YEAR, la=la))
        said.append(f"{name} of {found.build.children:,} children, {found.unexplained} differences without a reason")
    return "; ".join(said)


def inspect(day: Day) -> str:
    """Make Ofsted's lists as at a month ago and as at today, and take a draft: nothing leaves without a reference."""
    from fairhold.returns.annex_a import differing, handing, runs  # noqa: PLC0415
    from fairhold.returns.output import save  # noqa: PLC0415

    with access.scope(day.actor("analyst"), "statutory-returns", login="worker") as scope:
        for back in (30, 0):
            runs.build(scope, day=scope.day - timedelta(days=back), la=LA)
        handed, found = handing.draft(scope), differing.difference(scope)
    save(day.out / "annex-a-draft.xlsx", handed.data)
    rows = sum(handed.run.rows.values())
    children = found.balances[0]
    return (
        f"{rows:,} rows in {len(handed.run.rows)} lists, a draft; in a month {children.entered:,} children entered,"
        f" {children.left:,} left"
    )


def measure(day: Day) -> str:
    """Compute the measures that leadership follows; a second run of the day counts them again."""
    from fairhold.cli import demo_measures  # noqa: PLC0415

    return demo_measures.measure(day)


def share(day: Day) -> str:
    """Send the youth-support list to a made-up recipient, approved by a second person."""
    from fairhold.cli import demo_share  # noqa: PLC0415  (it is a page of this day, and needs the day)

    return demo_share.share(day)


def share_others(day: Day) -> str:
    """Run each other ready-made kind of share once, to made-up bodies."""
    from fairhold.cli import demo_flows  # noqa: PLC0415

    return demo_flows.share_all(day)


def tell_at_once(day: Day) -> str:
    """Tell somebody at once to keep a child from harm, with the store and without it."""
    from fairhold.cli import demo_emergency  # noqa: PLC0415

    return demo_emergency.tell(day)


def count(day: Day) -> str:
    """Publish how often data was shared, and why, under disclosure control."""
    from fairhold.sharing import counts  # noqa: PLC0415

    with access.scope(day.actor("ig-officer"), "information-governance", login="worker") as scope:
        made = counts.publish(scope)
    return f"publication {made.number}: {made.changed} figures new or changed, {made.without_basis} without a basis"


def dispose(day: Day) -> str:
    """List what is due for disposal, why, and what blocks it; nothing is disposed."""
    from fairhold import retention  # noqa: PLC0415

    with access.scope(day.actor("ig-officer"), "retention", login="worker") as scope:
        found = retention.dry_run(scope)
        retention.notice(scope)
    return demo_score.due(found)


def run_daily(day: Day) -> str:
    """Run everything that is due every day, as a timer would at night."""
    from fairhold import jobs  # noqa: PLC0415

    ran = list(jobs.run(day.actor(Machine.slug)))
    failed = sum(bool(one.done.wrong) for one in ran)
    return f"{len({one.errand.step for one in ran})} steps under {len({one.purpose for one in ran})} purposes, " + (
        f"{failed} failed" if failed else "none failed"
    )


def verify(day: Day) -> str:
    """Verify the ledger and print a checkpoint that anybody may keep."""
    made = ledger.checkpoint()
    verdict = ledger.verify(made)
    return f"{verdict.sentence()} Checkpoint of {made.size:,} events signed"


def prove(day: Day) -> str:
    """How many promises of the notice are implemented, and how many the tests here have proven."""
    found = proof.obligations()
    counts = proof.summary(found)
    claimed = sum(bool(one.how) for one in found)
    proven = counts[proof.State.PROVEN]
    return f"{claimed} of {len(found)} promises are implemented; {proven} proven by tests run here (make test)"


STEPS: tuple[tuple[str, Callable[[Day], str]], ...] = (
    ("Set up the store", set_up),
    ("Make up a borough", make_up),
    ("Register the sources", register),
    ("Take the files in", take_in),
    ("Join the records", join),
    ("Record the choices", choose),
    ("Look who is late", late),
    ("Check SSDA903", check),
    ("Build the returns", build),
    ("List for inspectors", inspect),
    ("Compute the measures", measure),
    ("Share the list", share),
    ("Share by case", share_others),
    ("Tell at once", tell_at_once),
    ("Count what left", count),
    ("List what is due", dispose),
    ("Run what is daily", run_daily),
    ("Verify the ledger", verify),
    ("Prove the promises", prove),
)
