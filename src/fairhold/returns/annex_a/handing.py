"""Handing the lists out: a draft of what one may see, or the whole workbook for Ofsted, which two people answer for.

Nothing goes to Ofsted without the reference of an inspection or of a direction.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.returns.annex_a import book, notes, runs
from fairhold.returns.annex_a.domain import ADOPTERS, AnnexError, Made
from fairhold.returns.annex_a.runs import Run
from fairhold.returns.guarded import WITHHELD, Sight
from fairhold.returns.workspace import seeing
from fairhold.returns.workspace.domain import PRODUCTION
from fairhold.returns.workspace.taking import keep
from fairhold.sharing import disclosures
from fairhold.sharing.disclosures import Disclosure, Kind

# Where a child lives or is placed: withheld where the address is protected.
ADDRESS: Final = frozenset({"Placement postcode", "Placement Location", "LA of Placement"})
RECIPIENT, LAW = "ofsted", "LB27"


@dataclass(frozen=True)
class Handed:
    """A workbook that was handed out. `withheld` counts rows left out because their reader may not see them."""

    run: Run
    data: bytes
    withheld: int = 0


@verb("annex-a.draft")
def draft(scope: Scope, *, run: int | None = None) -> Handed:
    """The lists of a run, or of the newest, as far as the purpose may see them, marked as a draft on every sheet."""
    of = runs.find(scope, run)
    with scope.under(PRODUCTION):
        made = runs.opened(scope, of)
    may, subjects = runs.sight(scope, [of], runs.children(made.values()))
    seen = {key: shown(one, may) for key, one in made.items()}
    withheld = sum(len(one.rows) for one in made.values()) - sum(len(one.rows) for one in seen.values())
    why = "no inspection or direction is named." if not of.reference else f"{of.reference} awaits a second person."
    data = _book(of, seen, draft=f"{why} Rows of restricted children left out: {withheld:,}.")
    scope.concerns(subjects)
    scope.tell(run=of.id, withheld=withheld, file=keep(scope, data, "annex-a-draft"))
    return Handed(of, data, withheld)


@verb("annex-a.release")
def release(scope: Scope, *, run: int, reference: str = "") -> Handed:
    """The whole workbook for Ofsted, under the reference of the inspection or direction; it is recorded as released.

    Refused without a reference, to the person who made the run (somebody else looks first), and to a purpose that may
    not see every child in it.
    """
    of = runs.find(scope, run)
    named = runs.referred(reference) or of.reference
    if not named:
        raise AnnexError(
            "Ofsted gets no list without the reference of an inspection or a direction: give it with --reference."
        )
    if of.made_by == scope.actor.id:
        raise AnnexError("You made these lists yourself: somebody else looks at them and releases them.")
    with scope.under(PRODUCTION):
        made = runs.opened(scope, of)
    everybody = runs.children(made.values())
    may, subjects = runs.sight(scope, [of], everybody)
    _all_seen(made, everybody, may)
    data = _book(of, made)
    digest = hashlib.sha256(data).hexdigest()
    file = keep(scope, data, "annex-a-release")
    number = scope.value(
        "insert into system.annex_a_release (run_id, reference, made_by, made_at, sha256, file, children) values"
        " (%s, %s, %s, %s, %s, %s, %s) returning id",
        (of.id, named, scope.actor.id, clock.now(), digest, file, len(everybody)),
    )
    _told(scope, of, made, number, named)
    scope.concerns(subjects)
    scope.tell(run=of.id, recipient=RECIPIENT, law=LAW, reference=named, lists=" ".join(made), sha256=digest, file=file)
    return Handed(replace(of, reference=named), data)


def _told(scope: Scope, of: Run, made: Mapping[str, Made], release: int, reference: str) -> None:
    """Put the lists into the log of disclosures, with whose data they hold."""
    told = Disclosure(
        kind=Kind.INSPECTION,
        source=f"inspection {release}",
        recipient=RECIPIENT,
        purpose="inspection",
        need=f"Ofsted asks for lists of children as at {of.on_day:%d %B %Y}.",
        basis=(LAW,),
        items=tuple(f"List {one.key}: {name}" for one in made.values() for name in one.of.names),
        care=True,
        reference=reference,
    )
    known = seeing.known(scope, runs.children(made.values()), {of.source_id})
    disclosures.record(scope, disclosure=told, children=sorted(known.values()))


def _all_seen(made: Mapping[str, Made], everybody: set[str], may: Sight) -> None:
    hidden = len(everybody - may.seen)
    masked = sum(
        1 for one in made.values() if ADDRESS & {*one.of.names} for child in one.children if child in may.masked
    )
    if hidden or masked:
        raise AnnexError(
            f"Your purpose may not see all that is in these lists (restricted children: {hidden:,}, protected"
            f" addresses: {masked:,}): somebody who may releases them, under the purpose safeguarding."
        )


def shown(made: Made, may: Sight) -> Made:
    """A list with only the rows that may be seen, protected addresses withheld. Adopters are no restricted children."""
    if made.key == ADOPTERS:
        return made
    hidden = [at for at, name in enumerate(made.of.names) if name in ADDRESS]
    rows = [row if row[0] not in may.masked else _masked(row, hidden) for row in made.rows if row[0] in may.seen]
    return replace(made, rows=rows)


def _masked(row: tuple[str, ...], hidden: list[int]) -> tuple[str, ...]:
    return tuple(WITHHELD if at in hidden and text else text for at, text in enumerate(row))


def _book(run: Run, made: Mapping[str, Made], *, draft: str = "") -> bytes:
    told = notes.told(made, places=run.places, adopters=run.adopters)
    if not draft:
        told = [notes.Note("", "", "reference", f"Ofsted's inspection or direction: {run.reference}"), *told]
    return book.write(run.on_day, list(made.values()), told, draft=draft)
