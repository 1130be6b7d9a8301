"""Writes a whole borough into a folder: `in/`, `registers/`, and the answer key apart in `key/`."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fairhold.errors import PlainError
from fairhold.formats.ssda903 import FILES
from fairhold.synth import care_files, key, need_census, registers, ssd_files, transfer
from fairhold.synth.build import Borough, build, known
from fairhold.synth.care_sets import build_sets
from fairhold.synth.domain import Options
from fairhold.synth.transfer import Row

MARK = "MADE-UP.txt"
NOTE = "Everything in this folder is made up by fairhold synth: no child, family, school or street in it exists.\n"


class SynthRefused(PlainError):
    """The borough cannot be written there or with these figures."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    pupils: int
    schools: int
    files: int
    rows: int
    faults: int
    bytes: int


def write_borough(options: Options, tell: Callable[[float], None] | None = None) -> Written:
    """Build a borough and write it; what an earlier run wrote into the folder is replaced, anything else refused.

    `tell` hears now and then which share of the work (0 to 1) is done.
    """
    _fit(options)
    _clear(options.out)
    if options.children:
        return _sets(options)
    borough = build(options)
    found = _files(borough, options.out, tell or (lambda share: None))
    _key(borough, found, options.out)
    sizes = [path.stat().st_size for path in options.out.rglob("*") if path.is_file()]
    names = {row.file for row in found} | {one.name for one in borough.post.sent}
    world = borough.world
    return Written(len(world.children), len(world.schools), len(names), len(found), len(world.faults), sum(sizes))


def _sets(options: Options) -> Written:
    """Only the two social care returns and what must be found in them."""
    sets, found = build_sets(options), []
    for sheets in sets.sheets:
        found += care_files.write_set(sheets, options.out)
    for census in sets.censuses:
        found += need_census.write_census(census, options.out)
    key.faults(sets.world, found, options.out)
    key.expected_findings(sets.sheets, options.out)
    key.expected_census(sets.censuses, options.out)
    files = {row.file for row in found}
    size = sum((options.out / name).stat().st_size for name in files)
    return Written(0, 0, len(files), len(found), len(sets.world.faults), size)


def _fit(options: Options) -> None:
    if not (options.children == 0 or 100 <= options.children <= 100_000):
        raise SynthRefused(f"--children {options.children} is outside 100 to 100000; choose a number between them.")
    if not 50 <= options.pupils <= 200_000:
        raise SynthRefused(f"--pupils {options.pupils} is outside 50 to 200000; choose a number between them.")
    if not 0 <= options.weeks <= 8:
        raise SynthRefused(f"--weeks {options.weeks} is outside 0 to 8; choose a number between them.")
    if not 0 <= options.faults <= 5:
        raise SynthRefused(f"--faults {options.faults} is outside 0 to 5; 1 plants every kind at its own rate.")
    if options.on.month in {4, 8, 9} or not 2024 <= options.on.year <= 2060:
        raise SynthRefused(
            f"--on {options.on.isoformat()} has too little of a school or return year behind it;"
            " choose a day outside April, August and September, from 2024 on."
        )


def _clear(out: Path) -> None:
    """Make room in a folder that is empty or that an earlier run filled."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()) and not (out / MARK).exists():
            raise SynthRefused(
                f"{out} holds files that fairhold synth did not write; choose an empty folder with --out."
            )
        for part in ("in", "registers", "key"):
            shutil.rmtree(out / part, ignore_errors=True)
        (out / MARK).write_text(NOTE, encoding="utf-8")
    except OSError as error:
        raise SynthRefused(f"{out} cannot be written ({error.strerror}); choose another folder with --out.") from None


def _files(borough: Borough, out: Path, tell: Callable[[float], None]) -> list[Row]:
    found: list[Row] = []
    for done, one in enumerate(borough.post.sent):
        tell(done / len(borough.post.sent))
        found += transfer.write_file(borough.world, one, out)
    for sheets in borough.sheets:
        found += care_files.write_set(sheets, out)
    for census in borough.censuses:
        found += need_census.write_census(census, out)
    found += ssd_files.write_extract(borough.extract, out)
    found += _registers(borough, out)
    return found


def _registers(borough: Borough, out: Path) -> list[Row]:
    protected = registers.protection(borough.world)
    _csv(out / "registers/protection.csv", registers.PROTECTION, (row for _, row in protected))
    _csv(out / "registers/consents.csv", registers.CONSENT, (registers.consent_row(c) for c in borough.consents))
    _csv(out / "registers/sources.csv", registers.SOURCES, registers.sources(borough.world))
    _csv(out / "registers/offers.csv", registers.OFFERS, registers.offers(borough.world))
    name = "registers/protection.csv"
    found = [
        Row(name, n, "protection", "protection", n, child.id, key.identity_now(child))
        for n, (child, _) in enumerate(protected, start=1)
    ]
    name = "registers/consents.csv"
    found += [
        Row(name, n, "consents", "consents", c.id, c.child.id, key.identity_now(c.child))
        for n, c in enumerate(borough.consents, start=1)
    ]
    return found


def _csv(path: Path, columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _key(borough: Borough, found: list[Row], out: Path) -> None:
    world, consents = borough.world, borough.consents
    cases = known(borough.courses, borough.cases)
    key.children(world, out)
    key.centres(borough.centres, out)
    key.records(world, consents, cases, out)
    key.links(world, consents, cases, out)
    key.lookalikes(world, out)
    key.traits(world, out)
    key.rows(found, out)
    key.changes(world, out)
    key.faults(world, found, out)
    key.expected_findings(borough.sheets, out)
    key.expected_census(borough.censuses, out)
    key.files(world, borough.post, _others(borough), out)


def _others(borough: Borough) -> list[tuple[str, str, int]]:
    found = [
        (f"in/social-care/{one.end.year}/{FILES[table]}", "ssda903", len(lines))
        for one in borough.sheets
        for table, lines in one.tables.items()
    ]
    found += [(one.name, "cin", len(one.entries)) for one in borough.censuses]
    found += [(ssd_files.name_of(entity), "ssd", len(rows)) for entity, rows in sorted(borough.extract.rows.items())]
    found.append(("registers/protection.csv", "protection", len(registers.protection(borough.world))))
    return [*found, ("registers/consents.csv", "consents", len(borough.consents))]
