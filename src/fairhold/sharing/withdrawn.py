"""What a recipient has that it may have no longer, and what it has that was corrected since.

No longer: consents that ended, objections, addresses now protected. Corrected: the record says something else than the
row that was sent; what grows older by itself (year group, attendance) is told by the next list.
"""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.sharing import flows, pseudonyms, queries
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


# They change with the calendar; no correction is owed for that.
AGEING = frozenset(("year_group", "attendance_band"))


@verb("shares.notices-due")
def notices_due(scope: Scope) -> list[Due]:
    """Decide each newest list again; say which rows its recipient must be told of, and put that on the work list."""
    found = [due for share in _newest(scope) for due in _closed(scope, share)]
    return _on_the_list(scope, "share.notice", found, "about {} rows it may no longer have")


@verb("shares.corrections-due")
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
            role=scope.actor.role,
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


def _corrected(scope: Scope, share: Share) -> list[Due]:
    lines = queries.open_lines(scope, share.id)
    sent, mark = queries.digests(scope, share.id), pseudonyms.marker(share.id)
    left = queries.allowed(scope, share.id)
    found = []
    for one in decide(scope, asked_of(scope, share)):
        if one.subject not in lines:
            continue
        before = sent[lines[one.subject]]
        may = left[one.subject] & one.row.allowed & before.keys() - AGEING
        changed = [name for name in share.fields if name in may and mark(one.row, name) != before[name]]
        if changed:
            found.append(Due(share.id, lines[one.subject], one.subject, tuple(changed), ""))
    return found
