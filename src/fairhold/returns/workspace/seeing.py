"""Which children of a run its reader may see, asked under the reader's own purpose. Unknown means no."""

from __future__ import annotations

from collections.abc import Iterable

from fairhold.access import Scope
from fairhold.returns.guarded import Sight
from fairhold.returns.workspace.domain import Run


def known(scope: Scope, children: Iterable[str], known_by: Iterable[int]) -> dict[str, tuple[int, int]]:
    """Child number → its subject and guard, as the sources of the numbers know them and the purpose may see them."""
    rows = scope.rows(
        "select key, min(id) as id, max(guard) as guard from system.subject"
        " where key = any(%s) and source_id = any(%s) group by key",
        (sorted(set(children)), list(known_by)),
    )
    return {row["key"]: (row["id"], row["guard"]) for row in rows}


def sight(scope: Scope, runs: Iterable[Run], children: Iterable[str]) -> tuple[Sight, list[int]]:
    """What may be seen of these children of runs, and the subjects of those who may be seen."""
    deliveries = sorted({delivery for run in runs for delivery in run.sources.values()})
    sources = scope.rows("select distinct source_id from system.delivery where id = any(%s)", (deliveries,))
    found = known(scope, children, [row["source_id"] for row in sources])
    masked = frozenset(child for child, (_, guard) in found.items() if guard and not scope.purpose.protected)
    return Sight(frozenset(found), masked), [subject for subject, _ in found.values()]
