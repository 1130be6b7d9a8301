"""Workers and teams of a case system: what the numbers in children's records mean, as known now and before."""

from __future__ import annotations

from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.intake.domain import Prepared

_COLUMNS = ("kind", "number", "name", "title", "part_of")
_STAGE = (
    "create temporary table if not exists in_worker (kind text, number text, name text, title text, part_of text,"
    " line int, row int) on commit delete rows"
)
_SAID = "(select distinct on (kind, number) * from in_worker order by kind, number, row desc)"
_SAME = " and ".join(f"w.{name} is not distinct from i.{name}" for name in _COLUMNS)
_CLOSE = f"""
update system.worker w set known_until = %(now)s from {_SAID} i
where w.source_id = %(source)s and w.kind = i.kind and w.number = i.number and w.known_until = 'infinity'
    and not ({_SAME})
"""
_ADD = f"""
insert into system.worker (source_id, {", ".join(_COLUMNS)}, delivery_id, line, row, known_from)
select %(source)s, {", ".join(f"i.{name}" for name in _COLUMNS)}, %(delivery)s, i.line, i.row, %(now)s from {_SAID} i
where not exists (select from system.worker w where w.source_id = %(source)s and w.kind = i.kind
    and w.number = i.number and w.known_until = 'infinity')
"""


def store(scope: Scope, delivery: int, source: int, prepared: Prepared) -> None:
    """Keep what an extract says of workers or teams; what it only repeats adds nothing, what it leaves out stays."""
    scope.run(_STAGE)
    scope.run("truncate in_worker")
    names = (*_COLUMNS, "line", "row")
    scope.copy("in_worker", names, [tuple(getattr(one, name) for name in names) for one in prepared.workers])
    given = {"now": clock.now(), "source": source, "delivery": delivery}
    scope.run(_CLOSE, given)
    scope.run(_ADD, given)
