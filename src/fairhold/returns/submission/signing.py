"""Signing: two different people, each for the bytes of one build, and only while every error of it is explained."""

from __future__ import annotations

from datetime import date

from fairhold import work
from fairhold.access import ROLES, Scope, role, verb
from fairhold.returns.submission import queries
from fairhold.returns.submission.domain import Build, Part, Standing, SubmissionError
from fairhold.returns.workspace import words
from fairhold.returns.workspace.collections import register
from fairhold.returns.workspace.domain import PRODUCTION

WAITS = "returns.sign"


@verb("returns.sign")
def sign(scope: Scope, *, build: int, note: str) -> Build:
    """Sign a build: the first signature says that it is complete, the second, by somebody else, that it may go.

    The second is for the role that answers for the collection. Raises SubmissionError with what stands in the way.
    """
    found = queries.build(scope, build)
    with scope.under(PRODUCTION):
        queries.lock(scope, found.name, found.year)
        found = queries.build(scope, build)
        standing = queries.standing(scope, found.run_id)
    fit(found, standing, scope.day)
    part = next_part(found)
    _may(scope, found, part)
    words.check(scope, note, children=(), subjects=())
    queries.add_signature(scope, build, part.value, standing, note.strip())
    _ask(scope, found, part)
    scope.tell(build=build, part=part.value, sha256=found.sha256, errors=standing.errors, not_run=standing.not_run)
    return queries.build(scope, build)


def next_part(build: Build) -> Part:
    """Which signature is missing."""
    missing = [part for part in Part if part.value not in {one.part for one in build.signatures}]
    if not missing:
        raise SubmissionError(f"Both signatures under build {build.id} are there: freeze it.")
    return missing[0]


def fit(build: Build, standing: Standing, day: date) -> None:
    """Refuse a build that is frozen, out of date, or has errors that nobody has explained."""
    if build.version is not None:
        raise SubmissionError(
            f"Build {build.id} is frozen as version {build.version}: build again for another version."
        )
    if build.expired:
        raise SubmissionError(
            f"Build {build.id} is out of date: a later build of {build.name} {build.year} came out differently."
            " Sign and freeze that one."
        )
    if standing.kept_until < day:
        raise SubmissionError(f"The findings of build {build.id} are no longer kept: build again and sign that.")
    if standing.unexplained:
        count = f"{standing.unexplained:,} errors" if standing.unexplained > 1 else "1 error"
        raise SubmissionError(
            f"{count} of build {build.id} (run {build.run_id}) are neither put right nor explained: correct them in the"
            " case system and build again, or explain them."
        )


def owner(build: Build) -> str | None:
    """The role that answers for the collection, as the register of collections has it; None where it does not know."""
    found = [one.owner for one in register() if one.name == build.name and one.year in (build.year, None)]
    return next((one for one in found if one in {known.slug for known in ROLES}), None)


def key(build: Build) -> str:
    """By what the thing to do about a year's return is known."""
    return f"{build.name}-{build.year}"


def _may(scope: Scope, build: Build, part: Part) -> None:
    if any(one.signed_by == scope.actor.id for one in build.signatures):
        raise SubmissionError("You have signed this build already: the other signature is somebody else's.")
    answers = owner(build)
    if part is Part.APPROVED and answers is not None and scope.actor.role != answers:
        raise SubmissionError(f"The second signature is for a {role(answers).title}, who answers for this collection.")


def _ask(scope: Scope, build: Build, part: Part) -> None:
    """Keep one thing to do: sign, then freeze."""
    work.close(scope, WAITS, key(build))
    left = "a second signature" if part is Part.PREPARED else "to be frozen"
    work.raise_item(
        scope,
        kind=WAITS,
        key=key(build),
        title=f"Build {build.id} of {build.name} {build.year} waits for {left}",
        role=owner(build) or scope.actor.role,
        room="returns",
        link=f"/returns/builds/{build.id}/",
    )
