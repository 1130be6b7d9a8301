"""The register: every frozen version with its hash, signatures, day and receipts, and the builds beside them."""

from __future__ import annotations

from collections.abc import Sequence

from fairhold import identity
from fairhold.access import Scope, verb
from fairhold.identity import Built
from fairhold.returns.submission import queries
from fairhold.returns.submission.domain import Build, Submission


@verb("returns.builds")
def versions(scope: Scope, *, name: str | None = None, year: int | None = None) -> tuple[list[Submission], list[Build]]:
    """Frozen versions and builds, the newest first; of one return or year where named."""
    frozen, built = queries.submissions(scope, name, year), queries.builds(scope, name, year)
    scope.tell(submissions=len(frozen), builds=len(built))
    return frozen, built


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
