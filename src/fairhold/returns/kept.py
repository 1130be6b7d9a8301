"""Checks of what was delivered, kept as classified outputs: the findings for the screen and a workbook to take away.

A check reads the newest delivered file of each table: nobody sends a file a second time to have it checked. What is
kept and shown holds no restricted child and no protected address (`guarded`); it says how much it withholds.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fairhold import vault
from fairhold.access import Refused, Scope, verb
from fairhold.engine import settings
from fairhold.returns import guarded
from fairhold.returns.checking import Checked, check
from fairhold.returns.files import CannotRun
from fairhold.returns.guarded import Sight
from fairhold.returns.output import render

KIND, WORKBOOK = "findings", "findings-workbook"
KLASS, RETENTION = "safeguarding", "RT31"
DAYS = 90  # as long as the files they were made from


@dataclass(frozen=True)
class Kept:
    """One check that was made: its number, when, and until when it is kept."""

    number: int
    at: datetime
    due: date | None


@dataclass(frozen=True)
class Shown:
    """A kept check as it is shown. `findings` have the keys of findings.csv, `summary` those of summary.json.

    `withheld` counts the findings that are about children whom the purpose may not see.
    """

    number: int
    summary: dict[str, Any]
    titles: dict[str, str]
    findings: list[dict[str, Any]]
    workbook: int
    withheld: int


@verb("findings.check")
def check_delivered(scope: Scope, *, name: str, year: int, la: str) -> int:
    """Check the newest delivered tables of a return, with last year's beside them; returns the kept check's number.

    Raises CannotRun with one sentence when no file of that year was delivered.
    """
    this, last = _delivered(scope, name, year), _delivered(scope, name, year - 1)
    if not this:
        raise CannotRun(
            f"No file of {name} for the year to 31 March {year} was delivered: take the return's tables in first."
        )
    with tempfile.TemporaryDirectory(dir=settings.private_folder("uploads")) as folder:
        paths = [_write(scope, Path(folder) / "this", this), _write(scope, Path(folder) / "last", last)]
        checked = check(name, year, la, paths[:1], previous=paths[1:] if last else [])
    sight = _sight(scope, name, guarded.children(checked))
    shown = guarded.shown(checked, sight)
    due = scope.day + timedelta(days=DAYS)
    book = vault.keep(scope, render(shown, "xlsx"), kind=WORKBOOK, klass=KLASS, retention=RETENTION, due=due)
    document = _document(shown, sight, book.id, len(checked.findings) - len(shown.findings))
    kept = vault.keep(scope, document, kind=KIND, klass=KLASS, retention=RETENTION, due=due)
    scope.concerns(_subjects(scope, name, (finding.child for finding in shown.findings)))
    scope.tell(
        check=kept.id,
        rules=len(checked.outcome.ran),
        not_run=len(checked.outcome.not_run),
        findings=len(checked.findings),
    )
    return kept.id


@verb("findings.list")
def checks(scope: Scope) -> list[Kept]:
    """Every check that is kept, the newest first."""
    found = [
        Kept(file.id, file.kept_at, file.due)
        for file in vault.files(scope)
        if file.kind == KIND and file.state == "kept"
    ]
    scope.tell(rows=len(found))
    return found[::-1]


@verb("findings.read")
def read(scope: Scope, *, number: int) -> Shown:
    """One kept check with its findings; children are named by the return's own child number."""
    shown, _ = _shown(scope, number)
    scope.concerns(_subjects(scope, shown.summary["return"], _children(shown)))
    scope.tell(check=number, rows=len(shown.findings))
    return shown


@verb("findings.export")
def workbook(scope: Scope, *, number: int) -> bytes:
    """The Excel workbook of a kept check: every table as sent, cells at fault coloured."""
    shown, current = _shown(scope, number)
    if not current:
        raise Refused("A child of this check is protected since it was made: check the return again and take that one.")
    scope.concerns(_subjects(scope, shown.summary["return"], _children(shown)))
    scope.tell(check=number, file=shown.workbook)
    return vault.open(scope, shown.workbook)


def _shown(scope: Scope, number: int) -> tuple[Shown, bool]:
    """A kept check as far as it may be seen today, and whether that is all that was kept."""
    if not any(file.id == number and file.kind == KIND for file in vault.files(scope)):
        raise vault.VaultError("There is no such check, or its time was up.")
    document = json.loads(vault.open(scope, number))
    then = Sight(frozenset(document.pop("seen")), frozenset(document.pop("masked")))
    now = _sight(scope, document["summary"]["return"], then.seen)
    kept = document["findings"]
    document["findings"] = [_masked(one, now) for one in kept if one["child"].strip() in now.seen]
    document["withheld"] += len(kept) - len(document["findings"])
    return Shown(number=number, **document), now.covers(then)


def _masked(finding: dict[str, Any], sight: Sight) -> dict[str, Any]:
    fields, values = tuple(finding["fields"]), tuple(finding["values"])
    return {**finding, "values": guarded.values(finding["table"], finding["child"], fields, values, sight)}


def _children(shown: Shown) -> set[str]:
    return {str(finding["child"]) for finding in shown.findings}


def _delivered(scope: Scope, name: str, year: int) -> list[dict[str, Any]]:
    """The newest stored delivery of each table of a return and year."""
    return scope.rows(
        "select distinct on (element) element, vault_file_id from system.delivery"
        " where state = 'stored' and kind = %s and year = %s order by element, id desc",
        (name, str(year)),
    )


def _write(scope: Scope, folder: Path, deliveries: list[dict[str, Any]]) -> Path:
    folder.mkdir(mode=0o700)
    for row in deliveries:
        data = vault.open(scope, row["vault_file_id"])
        ending = "xml" if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else "csv"
        (folder / f"{row['element'] or 'return'}.{ending}").write_bytes(data)
    return folder


def _document(shown: Checked, sight: Sight, book: int, withheld: int) -> bytes:
    document = {
        "summary": shown.summary(),
        "titles": {rule.code: rule.title for rule in shown.rules.rules},
        "findings": json.loads(render(shown, "json")),
        "workbook": book,
        "withheld": withheld,
        "seen": sorted(sight.seen),
        "masked": sorted(sight.masked),
    }
    return json.dumps(document, ensure_ascii=False).encode()


def _sight(scope: Scope, name: str, children: Iterable[str]) -> Sight:
    """Which of the children the scope's purpose may see, and whose address it may not."""
    rows = _known(scope, name, children)
    masked = {row["key"] for row in rows if row["guard"] and not scope.purpose.protected}
    return Sight(frozenset(row["key"] for row in rows), frozenset(masked))


def _subjects(scope: Scope, name: str, children: Iterable[str]) -> list[int]:
    """The subjects behind the child numbers of a return; a case system knows a child by that number."""
    return [row["id"] for row in _known(scope, name, children)]


def _known(scope: Scope, name: str, children: Iterable[str]) -> Sequence[dict[str, Any]]:
    return scope.rows(
        "select id, key, guard from system.subject where key = any(%s)"
        " and source_id in (select source_id from system.delivery where kind = %s)",
        (sorted({child.strip() for child in children}), name),
    )
