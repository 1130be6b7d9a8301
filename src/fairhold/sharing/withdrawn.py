"""What a recipient has that it may have no longer: consents that ended, objections, addresses now protected."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.sharing import queries
from fairhold.sharing.deciding import asked_of, decide
from fairhold.sharing.shares import Share, State

# An age that has passed is the recipient's own to dispose of; these are ours to tell it (N118).
TOLD = ("R13", "R14", "R15")


@dataclass(frozen=True)
class Due:
    """A row a recipient has, and the fields on it that are now closed, with the first rule that closes one."""

    share: int
    line: int
    person: int
    fields: tuple[str, ...]
    rule: str


@verb("shares.notices-due")
def notices_due(scope: Scope) -> list[Due]:
    """Decide each newest list again; say which rows its recipient must be told of, and put that on the work list."""
    newest: dict[str, Share] = {}
    for share in queries.shares(scope):
        if share.state is State.SENT:
            newest.setdefault(share.partner, share)
    found = [due for share in newest.values() for due in _closed(scope, share)]
    scope.concerns(due.person for due in found)
    scope.tell(rows=len(found))
    for number in {due.share for due in found}:
        rows = sum(due.share == number for due in found)
        work.raise_item(
            scope,
            kind="share.notice",
            key=str(number),
            title=f"Tell the recipient of share {number} about {rows} rows it may no longer have",
            role="youth-officer",
            room="sharing",
            link=f"/shares/{number}",
        )
    work.close_others(scope, "share.notice", {str(due.share) for due in found})
    return found


def _closed(scope: Scope, share: Share) -> list[Due]:
    lines = queries.open_lines(scope, share.id)
    left = queries.allowed(scope, share.id)
    found = []
    for one in decide(scope, asked_of(scope, share)):
        if one.subject not in lines:
            continue
        closed = [row for row in one.answer.verdict.refused if row.field in left[one.subject] and row.rule[:3] in TOLD]
        if closed:
            fields = tuple(row.field for row in closed)
            found.append(Due(share.id, lines[one.subject], one.subject, fields, closed[0].rule))
    return found
