"""The SQL of deliveries, set-aside rows and feeds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from fairhold.access import Row, Scope
from fairhold.dates import clock
from fairhold.intake.domain import Prepared, Sender


@dataclass(frozen=True)
class Source:
    """A registered source of data."""

    id: int
    kind: str
    name: str
    owner: str


def source_of(scope: Scope, sender: Sender) -> Source | None:
    """The registered source a file is from; None when there is none, or more than one could be meant."""
    found = scope.rows(
        "select id, kind, name, owner from system.source where kind = %(kind)s"
        " and (%(kind)s <> 'school' or (lea = %(lea)s and estab = %(estab)s)) limit 2",
        {"kind": sender.kind, "lea": sender.lea, "estab": sender.estab},
    )
    return Source(**found[0]) if len(found) == 1 else None


def known_files(scope: Scope, digests: Sequence[str]) -> dict[str, tuple[str, int]]:
    """Deliveries that came before with the same bytes: their kind and number, by hash."""
    rows = scope.rows(
        "select sha256, kind, id from system.delivery where state = 'stored' and sha256 = any(%s)", (list(digests),)
    )
    return {row["sha256"]: (row["kind"], row["id"]) for row in rows}


_RESTATED = """
select id, rows, at from system.delivery where state = 'stored' and source_id = %s and kind = %s and element = %s
    and year is not distinct from %s and (year is not null or at <= %s) order by at desc, id desc
"""


def restated(scope: Scope, source: int, prepared: Prepared) -> list[int]:
    """Earlier deliveries that a file replaces: of the same table and collection year, or older ones of an extract.

    An extract with less than half the rows of the one before replaces nothing: it is a part, or something went wrong.
    """
    if prepared.element is None:
        return []
    key = (source, prepared.kind, prepared.element, prepared.year, prepared.at)
    rows = scope.rows(_RESTATED, key)
    if prepared.year is None and rows and 2 * prepared.rows < rows[0]["rows"]:
        return []
    return [row["id"] for row in rows]


def of_the_year_before(scope: Scope, source: int, prepared: Prepared) -> list[int]:
    """Deliveries of the same table of a return of the year before."""
    if prepared.year is None:
        return []
    rows = scope.rows(
        "select id from system.delivery where state = 'stored' and source_id = %s and kind = %s and element = %s"
        " and year = %s",
        (source, prepared.kind, prepared.element, str(int(prepared.year) - 1)),
    )
    return [row["id"] for row in rows]


def add_delivery(scope: Scope, prepared: Prepared, source: int, vault_file: int) -> int:
    """Write down a delivery that is being stored; returns its number."""
    number: int = scope.value(
        "insert into system.delivery (source_id, kind, element, version, sha256, size, vault_file_id, received_at,"
        " received_by, at, file_date, year, rows, facts, set_aside, unknown, state)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'stored') returning id",
        (
            source,
            prepared.kind,
            prepared.element,
            prepared.version,
            prepared.sha256,
            prepared.size,
            vault_file,
            clock.now(),
            scope.actor.id,
            prepared.at,
            prepared.at.date() if prepared.at else None,
            prepared.year,
            prepared.rows,
            prepared.facts,
            len(prepared.aside),
            len(prepared.unknown),
        ),
    )
    return number


def add_refused(scope: Scope, prepared: Prepared, reason: str) -> int:
    """Write down that a file was refused: its hash and why, nothing of what it held."""
    number: int = scope.value(
        "insert into system.delivery (kind, version, sha256, size, received_at, received_by, state, reason)"
        " values (%s, %s, %s, %s, %s, %s, 'refused', %s) returning id",
        (prepared.kind, prepared.version, prepared.sha256, prepared.size, clock.now(), scope.actor.id, reason),
    )
    return number


def set_added(scope: Scope, added: dict[int, int]) -> None:
    """Write down how many fact rows each delivery added."""
    scope.run(
        "update system.delivery d set added = n.added from unnest(%s::bigint[], %s::int[]) as n (id, added)"
        " where d.id = n.id",
        (list(added), list(added.values())),
    )


def refresh_statistics(scope: Scope) -> None:
    """Tell the planner how the tables have grown: without it, questions asked right after a first load are slow."""
    scope.run("select system.refresh_statistics()")


def add_remarks(scope: Scope, found: Iterable[tuple[int, str, Prepared]]) -> None:
    """Keep what was set aside and what no reference lists, of (delivery, owner, file)."""
    _stage(scope, "in_aside", "delivery_id bigint, row int, line int, field text, kind text, reason text, owner text")
    _stage(scope, "in_unknown", "delivery_id bigint, row int, line int, path text, value text")
    aside, unknown = [], []
    for delivery, owner, prepared in found:
        aside += [(delivery, one.row, one.line, one.field, one.kind, one.reason, owner) for one in prepared.aside]
        unknown += [(delivery, *one) for one in prepared.unknown]
    for table, staged, columns, rows in (
        ("system.set_aside", "in_aside", ("delivery_id", "row", "line", "field", "kind", "reason", "owner"), aside),
        ("system.unknown_element", "in_unknown", ("delivery_id", "row", "line", "path", "value"), unknown),
    ):
        if rows:
            scope.copy(staged, columns, rows)
            names = ", ".join(columns)
            scope.run(f"insert into {table} ({names}) select {names} from {staged}")


def _stage(scope: Scope, name: str, columns: str) -> None:
    scope.run(f"create temporary table if not exists {name} ({columns}) on commit delete rows")
    scope.run(f"truncate {name}")


def deliveries(scope: Scope, limit: int) -> list[Row]:
    """The latest deliveries with their source, newest first."""
    return scope.rows(
        "select d.id, d.kind, d.element, d.version, d.year, d.received_at, d.file_date, d.rows, d.facts, d.added,"
        " d.set_aside, d.unknown, d.state, d.reason, s.name as source, s.id as source_id,"
        " (select count(*) from system.set_aside a where a.delivery_id = d.id and a.state = 'open') as open"
        " from system.delivery d left join system.source s on s.id = d.source_id order by d.id desc limit %s",
        (limit,),
    )


def open_asides(scope: Scope, delivery: int | None, limit: int) -> list[Row]:
    """What is still set aside, oldest first, with the delivery and source it came from."""
    return scope.rows(
        "select a.id, a.delivery_id, a.row, a.line, a.field, a.kind, a.reason, a.owner, d.kind as file_kind,"
        " d.element, d.received_at, s.name as source"
        " from system.set_aside a join system.delivery d on d.id = a.delivery_id"
        " join system.source s on s.id = d.source_id"
        " where a.state = 'open' and (%(delivery)s::bigint is null or a.delivery_id = %(delivery)s)"
        " order by a.id limit %(limit)s",
        {"delivery": delivery, "limit": limit},
    )


def feeds(scope: Scope) -> list[Row]:
    """Every feed with the day its last file came and the day that file is dated."""
    return scope.rows(
        "select f.source_id, s.name as source, f.kind, f.every_days, f.grace_days, f.since, f.owner,"
        " max(d.received_at) as received_at, max(d.file_date) as file_date"
        " from system.feed f join system.source s on s.id = f.source_id"
        " left join system.delivery d on d.source_id = f.source_id and d.kind = f.kind and d.state = 'stored'"
        " group by f.source_id, s.name, f.kind, f.every_days, f.grace_days, f.since, f.owner order by s.name"
    )


def waiting(scope: Scope) -> dict[str, int]:
    """How many rows or values set aside wait, by the role that owns them."""
    rows = scope.rows("select owner, count(*) as rows from system.set_aside where state = 'open' group by owner")
    return {row["owner"]: row["rows"] for row in rows}
