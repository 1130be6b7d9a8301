"""The answer key: who is who, what was planted where, which records belong together, what the rules must find."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path

from fairhold.synth.care import Course
from fairhold.synth.care_rules import Sheets, findings
from fairhold.synth.deliveries import Post
from fairhold.synth.domain import Child, Consent
from fairhold.synth.early import Registration
from fairhold.synth.need import Case
from fairhold.synth.need_census import Census
from fairhold.synth.need_rules import findings as need_findings
from fairhold.synth.transfer import Row, rows_of
from fairhold.synth.world import World

Cells = Sequence[str | int | None]


def save(out: Path, name: str, columns: str, rows: Iterable[Cells]) -> None:
    """Write one file of the key."""
    path = out / "key" / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns.split(","))
        writer.writerows(rows)


def children(world: World, out: Path) -> None:
    """Everybody, as they truly are."""
    columns = "child,household,surname,forename,middle,sex,born,upn,ethnicity,language,nc_year,sen,needs,school,in_care"
    columns += ",flat,number,street,place,postcode,uprn,twin_of,traits"
    save(out, "children", columns, (_child(world, child) for child in world.everyone()))


def centres(found: Iterable[Registration], out: Path) -> None:
    """Who is registered with which children's centre."""
    save(out, "centres", "child,centre,since", ((r.child.id, r.centre, r.since.isoformat()) for r in found))


def _child(world: World, c: Child) -> Cells:
    home, year = c.address, "" if c.year is None else c.year
    school = world.schools[c.school].laestab if c.school >= 0 else ""
    who = (c.id, c.household.id, c.surname, c.forename, c.middle, c.sex, c.born.isoformat(), c.upn)
    what = (c.household.ethnicity, c.language, year, c.sen, ";".join(c.needs), school, int(c.in_care))
    where = (home.flat, home.number, home.street, home.place, home.postcode, home.uprn)
    return (*who, *what, *where, c.twin or "", ";".join(c.traits))


def records(world: World, consents: list[Consent], cases: Sequence[Course | Case], out: Path) -> None:
    """Every source's record of a child, and the key under which the source sends it."""
    columns = "source,record,child,identity,key,former_key,status,entry,left,first_week"
    rows: list[Cells] = []
    for r in world.records:
        left = r.left.isoformat() if r.left else ""
        upn = r.held.get("UPN", r.upn)
        school, entry = world.schools[r.school].laestab, r.entry.isoformat()
        former = r.held.get("BasicDetails/FormerUPN", "")
        rows.append((school, r.id, r.child.id, r.identity, upn, former, r.status, entry, left, r.first_week))
    for c in cases:
        end = c.end.isoformat() if c.end else ""
        rows.append(("social-care", c.id, c.child.id, c.identity, c.key, "", "", c.start.isoformat(), end, ""))
    rows += [("consents", c.id, c.child.id, identity_now(c.child), "", "", "", "", "", "") for c in consents]
    save(out, "records", columns, rows)


def identity_now(child: Child) -> int:
    """1, or 2 for somebody who was adopted."""
    return 2 if "adopted" in child.traits else 1


def links(world: World, consents: list[Consent], cases: Sequence[Course | Case], out: Path) -> None:
    """Which records of different sources are one child, and which must never be joined although they are."""
    held: dict[int, list[tuple[str, int, int]]] = {}
    people: dict[int, Child] = {}
    for r in world.records:
        held.setdefault(r.child.id, []).append((world.schools[r.school].laestab, r.id, r.identity))
        people[r.child.id] = r.child
    for source, several in (("social-care", cases), ("consents", consents)):
        for one in several:
            identity = identity_now(one.child) if isinstance(one, Consent) else one.identity
            held.setdefault(one.child.id, []).append((source, one.id, identity))
            people[one.child.id] = one.child
    columns = "child,source,record,other_source,other_record,verdict,automatic,why"
    rows = (
        (child, *one[:2], *other[:2], *_verdict(people[child], one[2] == other[2]))
        for child, several in held.items()
        for one, other in combinations(several, 2)
    )
    save(out, "links", columns, rows)


def _verdict(child: Child, same: bool) -> tuple[str, str, str]:
    if not same:
        return "never", "no", "adopted"
    if child.twin:
        return "same", "no", "twin"
    why = next((t for t in ("protected_address", "restricted", "adopted") if t in child.traits), "")
    return "same", "no" if why else "yes", why


def lookalikes(world: World, out: Path) -> None:
    """Pairs of children who are easily taken for one: twins."""
    pairs = ((c.id, c.twin, "twins") for c in world.children if c.twin > c.id)
    save(out, "lookalikes", "child,other_child,why", pairs)


def rows(found: Iterable[Row], out: Path) -> None:
    """For every row of every file the child it is about. `state` says what befell the row."""
    columns = "file,row,table,source,record,child,identity,state"
    save(
        out,
        "rows",
        columns,
        ((r.file, r.row, r.table, r.source, r.record, r.child, r.identity, r.state) for r in found),
    )


def files(world: World, post: Post, others: Iterable[tuple[str, str, int]], out: Path) -> None:
    """Every file, and the weeks in which a school sent none."""
    columns = "file,kind,source,week,due,dated,rows,state,days_late,fault"
    found: list[Cells] = []
    for d in post.sent:
        due, source = world.fridays[d.week].isoformat(), world.schools[d.school].laestab
        state = d.broken or ("late" if d.late else "whole")
        dated = d.dated.isoformat()
        found.append((d.name, "ctf", source, d.week, due, dated, len(rows_of(d)), state, d.late, d.fault or ""))
    for s in post.silent:
        due = world.fridays[s.week].isoformat()
        found.append(("", "ctf", world.schools[s.school].laestab, s.week, due, "", 0, "silent", "", s.fault))
    found += [
        (
            name,
            kind,
            "social-care" if kind in {"ssda903", "cin", "ssd"} else "registers",
            "",
            "",
            "",
            n,
            "whole",
            "",
            "",
        )
        for name, kind, n in others
    ]
    save(out, "files", columns, found)


def changes(world: World, out: Path) -> None:
    """What changed in the weeks, pupil by pupil."""
    found = (
        (r.id, r.child.id, world.schools[r.school].laestab, c.week, c.kind, c.day.isoformat())
        for r in world.records
        for c in r.changes
    )
    save(out, "changes", "record,child,school,week,kind,day", found)


def faults(world: World, found: Sequence[Row], out: Path) -> None:
    """Every planted fault, once for each row it shows in (once without a row for faults of no row)."""
    where: dict[tuple[str, int], list[Row]] = {}
    named = {(f.source, f.record) for f in world.faults}
    own: dict[int, list[Row]] = {}
    for r in found:
        if (r.source, r.record) in named:
            where.setdefault((r.source, r.record), []).append(r)
        if r.fault:
            own.setdefault(r.fault, []).append(r)
    columns = "fault,kind,source,record,child,file,row,field,true,written,detail"
    lines: list[Cells] = []
    for f in world.faults:
        shown = own.get(f.id) or (
            [] if f.kind in {"row_broken", "row_duplicate"} else where.get((f.source, f.record), [])
        )
        if f.source == "social-care" and "." not in f.field and f.id not in own:
            shown = [r for r in shown if _carries(r.table, f.field)]
        head = (f.id, f.kind, f.source, f.record or "", f.child or "")
        tail = (f.field, f.true, f.written, f.detail)
        lines += [(*head, r.file, r.row, *tail) for r in shown] or [(*head, "", "", *tail)]
    save(out, "faults", columns, lines)


def _carries(table: str, field: str) -> bool:
    """Whether a table of the case system's files has this field."""
    if table.startswith("ssd_") or field == "pers_forename":
        return table == "ssd_person"
    return {"DOB": table != "Episodes", "SEX": table in {"Header", "UASC"}, "UPN": table == "Header"}.get(field, True)


def expected_findings(sheets: Iterable[Sheets], out: Path) -> None:
    """What each shipped rule must find in each year's set; `fault` names the planted one that carries the row."""
    found: list[Cells] = []
    for one in sheets:
        for group, (rule, hits) in enumerate(findings(one), start=1):
            for table, row in hits:
                line = one.tables[table][row - 1]
                fault = line.fault or ""
                found.append(
                    (one.end.year, rule, group, table, row, row + 1, line["CHILD"], line.course.child.id, fault)
                )
    save(out, "expected_findings", "year,rule,group,table,row,line,child_key,child,fault", found)


def expected_census(censuses: Iterable[Census], out: Path) -> None:
    """How often each rule looked at must find something of each child in each year's census."""
    found: list[Cells] = []
    for one in censuses:
        for entry in one.entries:
            for rule, times in need_findings(entry):
                found.append((one.end.year, rule, entry.case.key, entry.case.child.id, times, entry.fault or ""))
    save(out, "expected_census", "year,rule,child_key,child,times,fault", found)


def traits(world: World, out: Path) -> None:
    """Who has which trait: twins, adopted, protected, restricted, moved; with the address nobody may learn."""
    found = []
    for child in world.everyone():
        for trait in child.traits + (("twins",) if child.twin else ()):
            home = child.address if trait == "protected_address" else None
            found.append(
                (child.id, trait, f"{home.number} {home.street}" if home else "", home.postcode if home else "")
            )
    save(out, "traits", "child,trait,address,postcode", found)
