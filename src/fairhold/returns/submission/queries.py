"""The SQL of builds, signatures, submissions and receipts."""

from __future__ import annotations

import json
from typing import Any

from fairhold import catalogue
from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.returns.building.domain import Built
from fairhold.returns.findings import FAULTY
from fairhold.returns.submission import editions
from fairhold.returns.submission.domain import Build, Receipt, Signature, Standing, Submission, SubmissionError

_BUILD = """
select b.id, b.name, b.year, b.la, b.known_at, b.last_day, b.made_at, b.made_by, b.file, b.sha256, b.size, b.header,
    b.rows, b.children, b.links, b.links_digest, b.catalogue_digest, b.software, b.run_id,
    exists (select from system.return_build n where n.name = b.name and n.year = b.year and n.id > b.id
        and n.content_sha256 <> b.content_sha256) as expired, s.version
from system.return_build b left join system.return_submission s on s.build_id = b.id
"""
_SIGNATURES = """
select build_id, part, signed_by, signer, role, signed_at, errors, not_run, note from system.return_signature
where build_id = any(%s) order by build_id, signed_at, part desc
"""
_SUBMISSION = """
select id, build_id, version, frozen_at, frozen_by, file_id, sha256, size, rules_digest, counts, due, due_why
from system.return_submission
"""
_RECEIPTS = """
select submission_id, channel, reference, received_on, recorded_by, recorded_at, file_id from system.return_receipt
where submission_id = any(%s) order by id
"""
# The faults of a run, each once, by severity, and those of them that nobody has explained.
_STANDING = """
with fault as (
    select distinct f.fault_id, r.severity from system.return_finding f
    join system.return_run_rule r on r.run_id = f.run_id and r.rule = f.rule where f.run_id = %(run)s
), explained as (
    select fault_id from system.return_explained where ended_at is null and confirmed_at is not null
)
select count(*) filter (where severity = any(%(faulty)s)) as errors,
    count(*) filter (where severity = any(%(faulty)s) and e.fault_id is null) as unexplained,
    count(*) filter (where severity = 'query') as queries, count(*) filter (where severity = 'warning') as warnings,
    (select count(*) from system.return_run_rule where run_id = %(run)s and not_run is not null) as not_run,
    (select due from system.return_run where id = %(run)s) as kept_until
from fault left join explained e using (fault_id)
"""


def lock(scope: Scope, name: str, year: int) -> None:
    """Let nobody else build, sign or freeze this year's return until the transaction ends."""
    scope.run("select pg_advisory_xact_lock(hashtext(%s))", (f"submission {name} {year}",))


def add_build(scope: Scope, made: Built, run: int) -> int:
    """Write down a build and what it was made with; returns its number."""
    number: int = scope.value(
        "insert into system.return_build (name, year, la, known_at, last_day, made_at, made_by, file, sha256,"
        " content_sha256, size, header, rows, children, links, links_digest, catalogue_digest, software, run_id)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) returning id",
        (
            *(made.name, made.as_at.year, made.la, made.as_at.known, made.as_at.valid, clock.now(), scope.actor.id),
            *(made.file, editions.file_hash(made), editions.content_hash(made), len(made.files[made.file])),
            json.dumps(made.header),
            json.dumps({name: len(table.rows) for name, table in made.tables.items()}),
            *(len(made.children), len(made.links), editions.links_digest(made.links)),
            *(catalogue.digest(), editions.software(), run),
        ),
    )
    return number


def builds(scope: Scope, name: str | None = None, year: int | None = None, number: int | None = None) -> list[Build]:
    """Builds, the newest first."""
    rows = scope.rows(
        f"{_BUILD} where (%(name)s::text is null or b.name = %(name)s) and (%(year)s::int is null or b.year = %(year)s)"
        " and (%(number)s::bigint is null or b.id = %(number)s) order by b.id desc",
        {"name": name, "year": year, "number": number},
    )
    signed: dict[int, list[Signature]] = {row["id"]: [] for row in rows}
    for row in scope.rows(_SIGNATURES, (list(signed),)):
        signed[row.pop("build_id")].append(Signature(**row))
    return [Build(**row, signatures=tuple(signed[row["id"]])) for row in rows]


def build(scope: Scope, number: int) -> Build:
    """One build; SubmissionError for a number nobody gave out."""
    found = builds(scope, number=number)
    if not found:
        raise SubmissionError(f"There is no build {number}: see fairhold return versions.")
    return found[0]


def standing(scope: Scope, run: int) -> Standing:
    """The faults of a run as they stand now, over all children; asked under the production purpose."""
    found = scope.one(_STANDING, {"run": run, "faulty": list(FAULTY)})
    assert found is not None
    return Standing(**found)


def add_signature(scope: Scope, build: int, part: str, now: Standing, note: str) -> None:
    """Write down that the acting person signs."""
    scope.run(
        "insert into system.return_signature values (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(build, part, scope.actor.id, scope.actor.name, scope.actor.role, clock.now()),
            *(now.errors, now.not_run, note),
        ),
    )


def submissions(
    scope: Scope, name: str | None = None, year: int | None = None, number: int | None = None
) -> list[Submission]:
    """Frozen versions with their builds and receipts, the newest first."""
    rows = scope.rows(
        f"{_SUBMISSION} where (%(name)s::text is null or name = %(name)s)"
        " and (%(year)s::int is null or year = %(year)s) and (%(number)s::bigint is null or id = %(number)s)"
        " order by id desc",
        {"name": name, "year": year, "number": number},
    )
    of = {one.id: one for one in builds(scope, name, year)}
    received: dict[int, list[Receipt]] = {row["id"]: [] for row in rows}
    for row in scope.rows(_RECEIPTS, (list(received),)):
        received[row.pop("submission_id")].append(Receipt(**row))
    return [Submission(build=of[row.pop("build_id")], receipts=tuple(received[row["id"]]), **row) for row in rows]


def submission(scope: Scope, number: int) -> Submission:
    """One frozen version; SubmissionError for a number nobody gave out."""
    found = submissions(scope, number=number)
    if not found:
        raise SubmissionError(f"There is no frozen return {number}: see fairhold return versions.")
    return found[0]


def add_submission(scope: Scope, values: dict[str, Any]) -> int:
    """Write down a frozen version; returns its number."""
    names = ", ".join(values)
    marks = ", ".join(f"%({name})s" for name in values)
    number: int = scope.value(f"insert into system.return_submission ({names}) values ({marks}) returning id", values)
    return number


def add_children(scope: Scope, submission: int, children: list[int]) -> None:
    """Write down whose records it holds."""
    scope.run(
        "insert into system.return_submission_child (submission_id, subject_id, guard)"
        " select %s, id, guard from system.subject where id = any(%s)",
        (submission, children),
    )


def next_version(scope: Scope, name: str, year: int) -> int:
    """The number the next frozen version gets."""
    query = "select coalesce(max(version), 0) + 1 as next from system.return_submission where name = %s and year = %s"
    found: int = scope.value(query, (name, year))
    return found
