"""Recreating: a frozen return is made again from the record as it was known then, and must be the same bytes."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import vault
from fairhold.access import Scope, verb
from fairhold.returns.submission import queries
from fairhold.returns.submission.domain import Submission
from fairhold.returns.submission.editions import changed, file_hash
from fairhold.returns.submission.freezing import again
from fairhold.returns.workspace.domain import PRODUCTION


@dataclass(frozen=True)
class Recreated:
    """Whether a frozen return came out the same. `sha256` is that of what came out, empty where nothing may any more;
    `sentence` says it to people."""

    submission: Submission
    same: bool
    sha256: str
    sentence: str


@verb("returns.recreate")
def recreate(scope: Scope, *, submission: int) -> Recreated:
    """Make a frozen return again from the facts and links that were known at its instant, and compare the hash.

    Links undone and facts corrected since do not matter: they stood then. When the version was disposed of, it may not
    be made again; hash, counts and signatures remain.
    """
    found = queries.submission(scope, submission)
    with scope.under(PRODUCTION):
        result = _recreate(scope, found)
    scope.tell(submission=submission, same=int(result.same), sha256=found.sha256)
    return result


def _recreate(scope: Scope, found: Submission) -> Recreated:
    try:
        kept = sum(map(len, vault.stream(scope, found.file_id)))
    except vault.VaultError:
        return Recreated(
            found,
            False,
            "",
            f"{found.title} was disposed of or cannot be read (it was due on {found.due:%d %B %Y}), so it is not made"
            f" again. Its hash {found.sha256}, counts and signatures remain.",
        )
    made = again(scope, found.build)
    digest = file_hash(made)
    if digest == found.sha256:
        return Recreated(found, True, digest, f"{found.title}: the same {kept:,} bytes, hash {digest}.")
    known = [*_refused(scope, found), *changed(found.build, made)]
    why = "; ".join(known) or "nothing is known to have changed, so tell the keeper of Fairhold"
    return Recreated(
        found, False, digest, f"{found.title} comes out differently: {why}. The frozen bytes themselves are kept."
    )


def _refused(scope: Scope, found: Submission) -> list[str]:
    """What was refused after the freeze is out of the record (N042); the frozen bytes keep it as it was sent."""
    rows = scope.rows(
        "select distinct r.field from people.refused_item r join system.return_submission_child c using (subject_id)"
        " where c.submission_id = %s and r.refused_at > %s order by 1",
        (found.id, found.frozen_at),
    )
    if not rows:
        return []
    names = ", ".join(row["field"].replace("_", " ") for row in rows)
    return [f"somebody has refused since to give an item that is voluntary ({names}), and it was taken out"]
