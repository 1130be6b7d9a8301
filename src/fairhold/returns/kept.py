"""Checks of what was delivered, kept as classified outputs: the findings for the screen and a workbook to take away.

A check reads the newest delivered file of each table: nobody sends a file a second time to have it checked.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from fairhold import vault
from fairhold.access import Scope, verb
from fairhold.engine import settings
from fairhold.returns.checking import Checked, check
from fairhold.returns.files import CannotRun
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
    """A kept check as it is shown. `findings` have the keys of findings.csv, `summary` those of summary.json."""

    number: int
    summary: dict[str, Any]
    titles: dict[str, str]
    findings: list[dict[str, Any]]
    workbook: int


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
    due = scope.day + timedelta(days=DAYS)
    book = vault.keep(scope, render(checked, "xlsx"), kind=WORKBOOK, klass=KLASS, retention=RETENTION, due=due)
    kept = vault.keep(scope, _document(checked, book.id), kind=KIND, klass=KLASS, retention=RETENTION, due=due)
    scope.concerns(_subjects(scope, name, (finding.child for finding in checked.findings)))
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
    shown = _shown(scope, number)
    children = {str(finding["child"]) for finding in shown.findings}
    scope.concerns(_subjects(scope, shown.summary["return"], children))
    scope.tell(check=number, rows=len(shown.findings))
    return shown


@verb("findings.export")
def workbook(scope: Scope, *, number: int) -> bytes:
    """The Excel workbook of a kept check: every table as sent, cells at fault coloured."""
    shown = _shown(scope, number)
    scope.concerns(_subjects(scope, shown.summary["return"], {str(finding["child"]) for finding in shown.findings}))
    scope.tell(check=number, file=shown.workbook)
    return vault.open(scope, shown.workbook)


def _shown(scope: Scope, number: int) -> Shown:
    if not any(file.id == number and file.kind == KIND for file in vault.files(scope)):
        raise vault.VaultError("There is no such check, or its time was up.")
    return Shown(number=number, **json.loads(vault.open(scope, number)))


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


def _document(checked: Checked, book: int) -> bytes:
    summary = checked.summary()
    titles = {rule.code: rule.title for rule in checked.rules.rules}
    findings = json.loads(render(checked, "json"))
    document = {"summary": summary, "titles": titles, "findings": findings, "workbook": book}
    return json.dumps(document, ensure_ascii=False).encode()


def _subjects(scope: Scope, name: str, children: Iterable[str]) -> list[int]:
    """The subjects behind the child numbers of a return; a case system knows a child by that number."""
    rows = scope.rows(
        "select id from system.subject where key = any(%s)"
        " and source_id in (select source_id from system.delivery where kind = %s)",
        (sorted(set(children)), name),
    )
    return [row["id"] for row in rows]
