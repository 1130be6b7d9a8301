"""What a recipient has that it may have no longer, and what it has that was corrected since.

No longer: consents that ended, objections, addresses now protected. Corrected: the record says something else than the
row that was sent; what grows older by itself (year group, attendance) is told by the next list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.sharing import flows, pseudonyms, queries, requesting
from fairhold.sharing.deciding import Decided, asked_of, decide
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


# They change with the calendar; no correction is owed for that.
AGEING = frozenset(("year_group", "attendance_band"))


@verb("shares.notices-due", daily=True)
def notices_due(scope: Scope) -> list[Due]:
    """Decide each newest list again; say which rows its recipient must be told of, and put that on the work list."""
    found = [due for share in _newest(scope) for due in _closed(scope, share)]
    return _on_the_list(scope, "share.notice", found, "about {} rows it may no longer have")


@verb("shares.corrections-due", daily=True)
def corrections_due(scope: Scope) -> list[Due]:
    """Hold each newest list to what the record says now; say which rows were corrected since, and put that on the work
    list. `rule` is blank: nothing closes these fields."""
    found = [due for share in _newest(scope) for due in _corrected(scope, share)]
    return _on_the_list(scope, "share.correction", found, "that {} rows were corrected")


def _on_the_list(scope: Scope, kind: str, found: list[Due], what: str) -> list[Due]:
    scope.concerns(due.person for due in found)
    scope.tell(rows=len(found))
    for number in {due.share for due in found}:
        rows = sum(due.share == number for due in found)
        work.raise_item(
            scope,
            kind=kind,
            key=f"{scope.purpose.slug}.{number}",
            title=f"Tell the recipient of share {number} {what.format(rows)}",
            role=requesting.worker(scope.purpose.slug),
            room="sharing",
            link=f"/shares/{number}/package/",
        )
    still = {f"{scope.purpose.slug}.{due.share}" for due in found}
    work.close_others(scope, kind, still, prefix=f"{scope.purpose.slug}.")
    return found


def _newest(scope: Scope) -> list[Share]:
    """What each recipient has: the newest list of each kind, and every share of named children. A share is seen to by
    the purpose it was made under: no other sees all of its children."""
    newest: dict[tuple[str, str, int], Share] = {}
    for share in queries.shares(scope):
        if share.state is State.SENT and share.works_under == scope.purpose.slug:
            of_case = flows.find(scope, share.flow).of_case
            newest.setdefault((share.partner, share.flow, share.id if of_case else 0), share)
    return list(newest.values())


def _told(scope: Scope, share: Share) -> Iterator[tuple[Decided, int, int]]:
    """Each child on an open row as decided today, with the subject it was sent under and the row: two records that were
    joined since are one child on two rows."""
    lines = queries.open_lines(scope, share.id)
    for one in decide(scope, asked_of(scope, share)):
        yield from ((one, subject, lines[subject]) for subject in one.person.subjects if subject in lines)


def _closed(scope: Scope, share: Share) -> list[Due]:
    left = queries.allowed(scope, share.id)
    found = []
    for one, subject, line in _told(scope, share):
        closed = [row for row in one.answer.verdict.refused if row.field in left[subject] and row.rule[:3] in TOLD]
        if closed:
            found.append(Due(share.id, line, one.subject, tuple(row.field for row in closed), closed[0].rule))
    return found


def _corrected(scope: Scope, share: Share) -> list[Due]:
    sent, mark = queries.digests(scope, share.id), pseudonyms.marker(share.id)
    left = queries.allowed(scope, share.id)
    found = []
    for one, subject, line in _told(scope, share):
        now = replace(one.row, subject=subject)
        may = left[subject] & now.allowed & sent[line].keys() - AGEING
        changed = [name for name in share.fields if name in may and mark(now, name) != sent[line][name]]
        if changed:
            found.append(Due(share.id, line, one.subject, tuple(changed), ""))
    return found
