"""Taking a frozen return out in its official form, to be put into the collector's portal."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import vault
from fairhold.access import Refused, Scope, verb
from fairhold.returns import guarded
from fairhold.returns.submission import queries, telling
from fairhold.returns.submission.builds import unzipped
from fairhold.returns.submission.domain import COLLECTOR, Submission, SubmissionError
from fairhold.returns.workspace.domain import PRODUCTION

_GUARDED = """
select count(*) filter (where s.guard = 2) as restricted, count(*) filter (where s.guard = 1) as protected
from system.return_submission_child c join system.subject s on s.id = c.subject_id where c.submission_id = %s
"""


@dataclass(frozen=True)
class Exported:
    """The official file as one, and the single files in it by name. `owner` is who took it out."""

    submission: Submission
    data: bytes
    files: dict[str, bytes]
    owner: str


@verb("returns.export")
def export(scope: Scope, *, submission: int) -> Exported:
    """The exact bytes that were frozen; the ledger and the log of disclosures say who took them out.

    A return holds every child that the law asks for. Whoever takes it out must be allowed to see them all: where it
    holds restricted children, or postcodes of protected addresses, that is somebody who protects children.
    """
    found = queries.submission(scope, submission)
    with scope.under(PRODUCTION):
        hidden = scope.one(_GUARDED, (submission,)) or {"restricted": 0, "protected": 0}
        _may(scope, found, **hidden)
        try:
            data = vault.open(scope, found.file_id)
        except vault.VaultError as error:
            raise SubmissionError(
                f"{found.title} cannot be taken out: {error.sentence} Its hash {found.sha256} remains."
            ) from None
        children = [
            row["subject_id"]
            for row in scope.rows(
                "select subject_id from system.return_submission_child where submission_id = %s", (submission,)
            )
        ]
        telling.tell(scope, found, recipient=COLLECTOR, arrived=None, reference=None)
    scope.concerns(children)
    scope.tell(submission=submission, version=found.version, sha256=found.sha256, size=len(data))
    return Exported(found, data, unzipped(found.build.file, data), scope.actor.name)


def holds_addresses(name: str) -> bool:
    """Whether a return holds postcodes that only tables of protected contacts hold."""
    from fairhold.returns import declared  # noqa: PLC0415

    columns = {(table.name, column.name) for table in declared(name).tables() for column in table.columns}
    return bool(columns & guarded.address_columns())


def _may(scope: Scope, found: Submission, *, restricted: int, protected: int) -> None:
    addresses = protected if holds_addresses(found.build.name) else 0
    if (restricted and not scope.purpose.restricted) or (addresses and not scope.purpose.protected):
        raise Refused(
            f"{found.title} holds {restricted:,} restricted children and {addresses:,} protected addresses, which your"
            " purpose may not see: somebody who protects children takes it out and puts it into the portal."
        )
