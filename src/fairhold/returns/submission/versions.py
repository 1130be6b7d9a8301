"""The register: every frozen version with its hash, signatures, day and receipts, and the builds beside them."""

from __future__ import annotations

from collections.abc import Sequence

from fairhold import identity
from fairhold.access import Scope, verb
from fairhold.identity import Built
from fairhold.returns.submission import queries
from fairhold.returns.submission.domain import Build, Standing, Submission
from fairhold.returns.workspace.domain import PRODUCTION


@verb("returns.builds")
def versions(scope: Scope, *, name: str | None = None, year: int | None = None) -> tuple[list[Submission], list[Build]]:
    """Frozen versions and builds, the newest first; of one return or year where named."""
    frozen, built = queries.submissions(scope, name, year), queries.builds(scope, name, year)
    scope.tell(submissions=len(frozen), builds=len(built))
    return frozen, built


@verb("returns.look")
def look(scope: Scope, *, build: int) -> tuple[Build, Standing]:
    """One build, and its faults as they stand now, counted over every child."""
    found = queries.build(scope, build)
    with scope.under(PRODUCTION):
        standing = queries.standing(scope, found.run_id)
    scope.tell(build=build, unexplained=standing.unexplained)
    return found, standing


@verb("returns.builds")
def version(scope: Scope, *, submission: int) -> Submission:
    """One frozen version with its signatures and receipts."""
    scope.tell(submission=submission)
    return queries.submission(scope, submission)


@identity.built_on
def built_on(scope: Scope, subjects: Sequence[int]) -> list[Built]:
    """Frozen returns that hold these subjects: they were made while they counted as one child."""
    rows = scope.rows(
        "select distinct s.id, s.name, s.year, s.version from system.return_submission s"
        " join system.return_submission_child c on c.submission_id = s.id where c.subject_id = any(%s) order by s.id",
        (list(subjects),),
    )
    return [
        Built(
            "returns",
            row["id"],
            f"Version {row['version']} of {row['name']} {row['year']} holds a record of this child: see whether it took"
            " anything from the other.",
        )
        for row in rows
    ]
