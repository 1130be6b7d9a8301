"""The register of holds: placed, lifted, never forgotten."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.retention import queries
from fairhold.retention.domain import RetentionError
from fairhold.retention.rules import schedule, shipped_holds

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./:-]{0,60}")


@dataclass(frozen=True)
class Hold:
    """A hold in force: `id` None for a shipped one; `classes` and `subjects` None for all."""

    id: int | None
    rule: str
    reference: str
    classes: tuple[str, ...] | None
    subjects: tuple[int, ...] | None

    @property
    def label(self) -> str:
        """How lists name it: "RT93 case 12"."""
        return f"{self.rule} {self.reference}"


def in_force(scope: Scope) -> list[Hold]:
    """Every hold in force: the shipped ones nobody lifted, then the placed ones."""
    placed = queries.holds(scope)
    lifted = {row["rule"] for row in placed if row["shipped"]}
    shipped = [Hold(None, each.rule, "shipped in force", each.classes, None) for each in shipped_holds()]
    return [hold for hold in shipped if hold.rule not in lifted] + [
        Hold(
            row["id"],
            row["rule"],
            row["reference"],
            tuple(row["classes"]) if row["classes"] else None,
            tuple(row["subjects"]) if row["subjects"] else None,
        )
        for row in placed
        if not row["shipped"]
    ]


@verb("retention.holds")
def listed(scope: Scope) -> list[Hold]:
    """What blocks disposal now."""
    found = in_force(scope)
    scope.concerns(subject for hold in found for subject in hold.subjects or ())
    scope.tell(rows=len(found))
    return found


@verb("retention.place-hold")
def place_hold(
    scope: Scope,
    *,
    rule: str,
    reference: str,
    classes: Sequence[str] | None = None,
    subjects: Sequence[int] | None = None,
) -> int:
    """Stop disposal, and return the hold's number. It binds at once.

    `rule` is a hold of the schedule (RT93); `reference` a case number, never a name. `classes` and `subjects` narrow
    it; None means all. A hold on one subject binds every record of the person that subject is.
    """
    if rule not in schedule() or not schedule()[rule].is_hold:
        known = ", ".join(each.id for each in schedule().values() if each.is_hold)
        raise RetentionError(f"“{rule}” is not a hold of the retention schedule: it has {known}.")
    if not _REFERENCE.fullmatch(reference):
        raise RetentionError("Give the case number of the hold: letters and digits, up to 60, and no name.")
    if unknown := sorted(set(classes or ()) - schedule().keys()):
        raise RetentionError(f"The retention schedule has no class {', '.join(unknown)}.")
    chosen = sorted(set(classes)) if classes is not None else None
    wanted = sorted(set(subjects)) if subjects is not None else None
    if wanted is not None and queries.known_subjects(scope, wanted) != len(wanted):
        raise RetentionError("One of the records to hold is not there.")
    if [] in (wanted, chosen):
        raise RetentionError("A hold on nothing holds nothing: name the records or classes, or leave them out for all.")
    number = queries.place(scope, rule=rule, reference=reference, classes=chosen, subjects=wanted, at=clock.now())
    scope.concerns(wanted or ())
    scope.tell(hold=number, rule=rule)
    return number


@verb("retention.lift-hold")
def lift_hold(scope: Scope, *, hold: int | str, because: str) -> None:
    """Lift a hold by its number, or a shipped one by its rule (RT91), and say because of what letter or decision."""
    if not _REFERENCE.fullmatch(because):
        raise RetentionError("Say on what letter or decision the hold is lifted: letters and digits, no name.")
    if isinstance(hold, str):
        shipped = [each.rule for each in in_force(scope) if each.id is None]
        if hold not in shipped:
            raise RetentionError(f"No hold “{hold}” is shipped in force.")
        queries.lift_shipped(scope, rule=hold, because=because, at=clock.now())
    elif not queries.lift(scope, number=hold, because=because, at=clock.now()):
        raise RetentionError("There is no such hold in force.")
    scope.tell(hold=str(hold))
