"""Reads a set-aside row again from its delivery's bytes, after a code set or a register was corrected."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import vault
from fairhold.access import Refused, Row, Scope, verb
from fairhold.dates import clock
from fairhold.facts import Incoming, store, table_numbers
from fairhold.formats import ssd
from fairhold.intake import guard, queries
from fairhold.intake.prepare import File, Settings, prepare


@dataclass(frozen=True)
class Replayed:
    """What a second reading gave: taken in or not, fact rows added, and the sentence that still stands if not."""

    taken_in: bool
    added: int
    reason: str | None


_FIND = """
select a.id, a.row, a.line, a.field, a.kind, a.state, d.id as delivery_id, d.source_id, d.at, d.year, d.vault_file_id,
    d.kind as file_kind, d.element
from system.set_aside a join system.delivery d on d.id = a.delivery_id where a.id = %s
"""


@verb("set-aside.list")
def set_aside(scope: Scope, *, delivery: int | None = None, limit: int = 200) -> list[Row]:
    """What is set aside and still open, oldest first."""
    found = queries.open_asides(scope, delivery, limit)
    scope.tell(rows=len(found))
    return found


@verb("set-aside.replay")
def replay(scope: Scope, *, set_aside_id: int) -> Replayed:
    """Read the row again as it was sent and store it if it is good now. What the row already said adds nothing."""
    found = _open(scope, set_aside_id)
    if found["row"] is None:
        raise Refused("The rest of a broken file cannot be read again: ask the sender for the whole file.")
    data = [vault.open(scope, found["vault_file_id"]), *_beside(scope, found)]
    settings = Settings(table_numbers(scope), found["year"], only=(0, found["row"]))
    prepared = prepare([File("", one, number) for number, one in enumerate(data)], settings)[0]
    if prepared.encoded is None or prepared.at is None:
        raise Refused("This row belongs to a kind of file whose rows are not read again one by one.")
    scope.tell(set_aside=set_aside_id, delivery=found["delivery_id"])
    still = [
        one for one in prepared.aside if (one.row, one.field, one.kind) == (found["row"], found["field"], found["kind"])
    ]
    if still:
        return Replayed(False, 0, still[0].reason)
    incoming = Incoming(found["delivery_id"], found["source_id"], found["at"], prepared.encoded)
    added = store(scope, [incoming])[found["delivery_id"]].added
    guard.protect_new(scope)
    _settle(scope, set_aside_id, "taken-in")
    scope.tell(added=added)
    return Replayed(True, added, None)


@verb("set-aside.dismiss")
def dismiss(scope: Scope, *, set_aside_id: int) -> None:
    """Close a set-aside row without taking it in, because the sender corrected it in a later file or it was nothing."""
    _open(scope, set_aside_id)
    _settle(scope, set_aside_id, "dismissed")
    scope.tell(set_aside=set_aside_id)


_BESIDE = """
select distinct on (element) vault_file_id from system.delivery where state = 'stored' and source_id = %s and kind = %s
    and element = any(%s) and element <> %s order by element, at desc, id desc
"""


def _beside(scope: Scope, found: Row) -> list[bytes]:
    """The newest files of the records that a record of an extract leads to: perhaps they have come since."""
    if found["file_kind"] != ssd.KIND:
        return []
    wanted = (found["source_id"], ssd.KIND, sorted(ssd.around(found["element"])), found["element"])
    return [vault.open(scope, row["vault_file_id"]) for row in scope.rows(_BESIDE, wanted)]


def _open(scope: Scope, number: int) -> Row:
    found = scope.one(_FIND, (number,))
    if found is None:
        raise Refused("There is no such set-aside row.")
    if found["state"] != "open":
        raise Refused("This row is settled already.")
    return found


def _settle(scope: Scope, number: int, state: str) -> None:
    scope.run(
        "update system.set_aside set state = %s, settled_at = %s, settled_by = %s where id = %s",
        (state, clock.now(), scope.actor.id, number),
    )


@verb("deliveries.list")
def deliveries(scope: Scope, *, limit: int = 100) -> list[Row]:
    """The latest deliveries: what came, from whom, how many rows, what was set aside, or why it was refused."""
    found = queries.deliveries(scope, limit)
    scope.tell(rows=len(found))
    return found
