"""Whoever had a voluntary item from us is asked to delete it, once it was refused or taken back (N042)."""

from __future__ import annotations

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.sharing import recalls

REASON = "It was given by choice, and the choice was taken back."


@verb("voluntary.tell")
def tell(scope: Scope, *, person: int, field: str) -> int:
    """Ask every recipient that has the child's value of a field to delete it; returns how many notices were made."""
    made = recalls.everyone(scope, person=person, action="delete", reason=REASON, fields=[field])
    work.close(scope, "voluntary.tell", f"{person}:{field}")
    scope.concerns([person])
    scope.tell(field=field[:40], notices=len(made))
    return len(made)
