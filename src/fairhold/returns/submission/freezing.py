"""Freezing: the exact bytes that two people signed for, kept in the vault as one version that nothing overwrites."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from fairhold import vault, work
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.dates.birthdays import nth_birthday
from fairhold.returns.building import builder
from fairhold.returns.building.domain import AsAt, Built
from fairhold.returns.submission import domain, queries
from fairhold.returns.submission.domain import Build, Standing, Submission, SubmissionError
from fairhold.returns.submission.editions import changed, file_hash
from fairhold.returns.submission.signing import WAITS, fit, key
from fairhold.returns.workspace import runs
from fairhold.returns.workspace.collections import register
from fairhold.returns.workspace.domain import PRODUCTION


@verb("returns.freeze")
def freeze(scope: Scope, *, build: int) -> Submission:
    """Freeze a signed build as the next version of its year's return.

    The bytes are made again from the record as the build knew it, and must be those that were signed: what is frozen
    can be recreated. File, row and children are kept in one transaction, or nothing is.
    """
    found = queries.build(scope, build)
    with scope.under(PRODUCTION):
        queries.lock(scope, found.name, found.year)
        found = queries.build(scope, build)
        standing = queries.standing(scope, found.run_id)
        fit(found, standing, scope.day)
        if not found.signed:
            raise SubmissionError(f"Build {build} is {found.state}: two people sign it before it is frozen.")
        made = again(scope, found)
        data = made.files[made.file]
        if file_hash(made) != found.sha256:
            why = "; ".join(changed(found, made)) or "nothing is known to have changed"
            raise SubmissionError(
                f"Build {build} no longer gives the bytes that were signed ({why}): build again and sign that."
            )
        due = due_date(found, scope.day)
        kept = vault.keep(scope, data, kind=domain.KIND, klass=domain.KLASS, retention=domain.RETENTION, due=due.day)
        number = _add(scope, found, standing, kept.id, due)
        queries.add_children(scope, number, made.children)
    work.close(scope, WAITS, key(found))
    submission = queries.submission(scope, number)
    scope.concerns(made.children)
    scope.tell(submission=number, build=build, version=submission.version, sha256=found.sha256, file=kept.id)
    return submission


def again(scope: Scope, build: Build) -> Built:
    """The return made once more, from what was known at the instant of the build; under the production purpose."""
    at = AsAt(build.year, build.known_at, build.last_day)
    return builder.build(scope, build.name, build.la, at, header=build.header)


@dataclass(frozen=True)
class Due:
    """A day of disposal, and why it is that day."""

    day: date
    why: str


def due_date(build: Build, day: date) -> Due:
    """When a frozen return is due for disposal, and why: six years after its collection closed (RT29)."""
    closed = next((one.due for one in register() if one.name == build.name and one.year == build.year), None)
    if closed is not None:
        why = f"{domain.YEARS} years after the collection closes on {closed.isoformat()}"
        return Due(nth_birthday(closed, domain.YEARS), why)
    # Until the register has a closing day, the later of the last day of the year and the day of freezing stands for it.
    begins = max(day, date(build.year, 3, 31))
    why = f"{domain.YEARS} years from {begins.isoformat()}, because the register of collections has no closing day"
    return Due(nth_birthday(begins, domain.YEARS), why)


def _add(scope: Scope, build: Build, standing: Standing, file: int, due: Due) -> int:
    run = runs.find(scope, build.run_id)
    counts = {
        "errors_explained": standing.errors,
        "queries": standing.queries,
        "warnings": standing.warnings,
        "rules_not_run": standing.not_run,
        "children": build.children,
        "rows": build.rows,
    }
    return queries.add_submission(
        scope,
        {
            "build_id": build.id,
            "name": build.name,
            "year": build.year,
            "version": queries.next_version(scope, build.name, build.year),
            "frozen_at": clock.now(),
            "frozen_by": scope.actor.id,
            "file_id": file,
            "sha256": build.sha256,
            "size": build.size,
            "rules_digest": run.rules_digest,
            "counts": json.dumps(counts),
            "due": due.day,
            "due_why": due.why,
        },
    )
