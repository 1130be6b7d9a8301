"""The verb that takes files in: keep the bytes, store the good rows, set the others aside. All or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fairhold import vault
from fairhold.access import Note, Scope, verb
from fairhold.dates import clock
from fairhold.facts import Incoming, Stored, store
from fairhold.formats import ssd
from fairhold.intake import guard, queries, returned, workforce
from fairhold.intake.domain import Offered, Outcome, Prepared, Summary

RAW_FILES = "RT31"  # raw source files: 90 days after a reconciled load (a proposal, until an IG officer confirms it)
RAW_DAYS = 90
# A return is checked over all of its children, by acts that show none of them.
_OPENS_FOR = {"ssda903": ("return-production",), "cin": ("return-production",)}
_CLASSES = {
    "ctf": "special category",
    "ssda903": "safeguarding",
    "cin": "safeguarding",
    "ssd": "safeguarding",
    "protection-register": "protected contact",
    "offers": "ordinary",
}
# A record whose child or parent did not come is no broken row: the extract itself says that it leads nowhere.
_LEADS_NOWHERE = frozenset({"no-person", "no-record", "not-sent"})


After = Callable[[Scope, Sequence[int]], None]
_after: list[After] = []


def after_storing(follow: After) -> After:
    """Register what an upper room does when deliveries were stored, given their numbers, in the same transaction."""
    _after.append(follow)
    return follow


@dataclass(frozen=True)
class _Accepted:
    """A file that goes in: where it comes from and the number of its delivery."""

    offered: Offered
    source: queries.Source
    delivery: int
    restates: tuple[int, ...]
    corrects: tuple[int, ...]

    @property
    def prepared(self) -> Prepared:
        """The file as read."""
        return self.offered.prepared


@verb("delivery.take-in")
def ingest(scope: Scope, *, offered: Sequence[Offered]) -> list[Summary]:
    """Take prepared files in and say of each what became of it, in the order given.

    The same bytes again change nothing. A file from an unregistered source, or one that its reader refused, is
    refused with a reason and leaves its hash alone. Files that speak of the same things are stored one after the other.
    """
    known = queries.known_files(scope, [one.prepared.sha256 for one in offered])
    summaries: dict[int, Summary] = {}
    waiting: dict[int, _Accepted] = {}
    for place, one in enumerate(offered):
        clash = any(one.prepared.clashes(other.prepared) for other in waiting.values())
        if clash:
            summaries |= _store(scope, waiting)
            waiting = {}
        settled = _settle(scope, one, known)
        if isinstance(settled, Summary):
            summaries[place] = settled
        else:
            known[one.prepared.sha256] = (one.prepared.kind or "", settled.delivery)
            waiting[place] = settled
    summaries |= _store(scope, waiting)
    done = [summaries[place] for place in range(len(offered))]
    scope.tell(**_counts(done))
    return done


def _settle(scope: Scope, one: Offered, known: dict[str, tuple[str, int]]) -> Summary | _Accepted:
    prepared = one.prepared
    if earlier := known.get(prepared.sha256):
        return Summary(prepared.label, Outcome.KNOWN, *earlier, None)
    if prepared.refused is not None:
        return _refuse(scope, prepared, *prepared.refused)
    source = queries.source_of(scope, prepared.sender) if prepared.sender else None
    if source is None:
        return _refuse(scope, prepared, "unregistered", _unregistered(prepared))
    due = clock.today() + timedelta(days=RAW_DAYS)
    klass = _CLASSES[prepared.kind or ""]
    kept = vault.keep(
        scope,
        one.content(),
        kind=f"delivery-{prepared.kind}",
        klass=klass,
        retention=RAW_FILES,
        due=due,
        opens_for=_OPENS_FOR.get(prepared.kind or "", ()),
    )
    if kept.sha256 != prepared.sha256:
        return _refuse(scope, prepared, "changed", "The file changed while it was being read: send it again.")
    restates = tuple(queries.restated(scope, source.id, prepared))
    corrects = tuple(queries.of_the_year_before(scope, source.id, prepared)) if prepared.kind == returned.KIND else ()
    return _Accepted(one, source, queries.add_delivery(scope, prepared, source.id, kept.id), restates, corrects)


def _unregistered(prepared: Prepared) -> str:
    sender = prepared.sender
    if sender is not None and sender.kind == "school":
        if not (sender.lea and sender.estab):
            return "The file's header breaks off or names no school (LEA and Estab): ask the sender to export it again."
        number = f"{sender.lea}{sender.estab}"
        return f"School {number} is not registered as a source: an administrator adds it with fairhold sources add."
    kind = sender.kind if sender else "unknown"
    return f"There must be exactly one registered source of the kind “{kind}” for this file: see fairhold sources list."


def _refuse(scope: Scope, prepared: Prepared, kind: str, reason: str) -> Summary:
    number = queries.add_refused(scope, prepared, reason)
    detail: dict[str, str | int] = {"delivery": number, "sha256": prepared.sha256, "reason": kind}
    scope.record("delivery.refused", Note(detail=detail))
    return Summary(prepared.label, Outcome.REFUSED, prepared.kind, number, None, reason=reason)


def _store(scope: Scope, accepted: dict[int, _Accepted]) -> dict[int, Summary]:
    """Store accepted files of different blocks, set by set."""
    if not accepted:
        return {}
    incoming = [made for one in accepted.values() if (made := _incoming(one)) is not None]
    stored = store(scope, incoming) if incoming else {}
    if incoming:
        guard.protect_new(scope)
    for one in accepted.values():
        if one.prepared.protected:
            guard.add_register(scope, one.delivery, one.prepared.protected)
            guard.protect_all(scope)
        if one.prepared.workers:
            workforce.store(scope, one.delivery, one.source.id, one.prepared)
    queries.add_remarks(scope, [(one.delivery, one.source.owner, one.prepared) for one in accepted.values()])
    queries.set_added(scope, {number: counts.added for number, counts in stored.items()})
    for follow in _after:
        follow(scope, list(stored))
    return {place: _summary(one, stored) for place, one in accepted.items()}


def _incoming(one: _Accepted) -> Incoming | None:
    prepared = one.prepared
    if prepared.encoded is None or prepared.at is None:
        return None
    # A file with broken rows takes nothing back: the row it seems to leave out may be the broken one.
    broken = any(aside.kind not in _LEADS_NOWHERE for aside in prepared.aside)
    since = None
    if prepared.kind == ssd.KIND:
        # An extract says nothing of what happened before the years it looks back on.
        since = prepared.at.date() - timedelta(days=365 * ssd.WINDOW_YEARS)
    restates, corrects = ((), ()) if broken else (one.restates, one.corrects)
    begins = date(int(prepared.year) - 1, 4, 1) if corrects and prepared.year else None
    return Incoming(one.delivery, one.source.id, prepared.at, prepared.encoded, restates, since, corrects, begins)


def _summary(one: _Accepted, stored: dict[int, Stored]) -> Summary:
    prepared, counts = one.prepared, stored.get(one.delivery, Stored(0, 0, 0))
    return Summary(
        prepared.label,
        Outcome.STORED,
        prepared.kind,
        one.delivery,
        one.source.name,
        rows=prepared.rows,
        facts=prepared.facts,
        added=counts.added,
        new_subjects=counts.new_subjects,
        set_aside=len(prepared.aside),
        unknown=len(prepared.unknown),
    )


def _counts(done: Sequence[Summary]) -> dict[str, int]:
    """The totals the ledger keeps of a call."""
    outcomes = {outcome.value.replace(" ", "_"): sum(one.outcome is outcome for one in done) for outcome in Outcome}
    sums = {name: sum(getattr(one, name) for one in done) for name in ("rows", "added", "set_aside")}
    return {**outcomes, **sums}
