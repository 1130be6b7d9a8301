"""What recipients must have deleted by now, and their word that they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fairhold import work
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.sharing.facts import said
from fairhold.sharing.shares import ShareError


@dataclass(frozen=True)
class Deletion:
    """A file that arrived: the day by which its recipient must have deleted it, and its word that it has."""

    share: int
    partner: str
    delete_by: date
    said: str | None
    confirmed_at: datetime | None


_ARRIVED = """
select d.share_id as share, p.name as partner, d.delete_by, d.said, d.confirmed_at
from system.share_deletion d join system.share s on s.id = d.share_id
join system.share_partner p on p.id = s.partner_id
where exists (select from system.share_transfer t where t.share_id = d.share_id and t.arrived)
"""


@verb("shares.deletions-due", daily=True)
def due(scope: Scope) -> list[Deletion]:
    """The files whose day has passed and whose recipient has confirmed nothing; they are put on the work list."""
    rows = scope.rows(f"{_ARRIVED} and d.delete_by <= %s and d.confirmed_at is null order by 3, 1", (scope.day,))
    found = [Deletion(**row) for row in rows]
    for one in found:
        work.raise_item(
            scope,
            kind="share.deletion",
            key=str(one.share),
            title=f"Ask {one.partner} whether it has deleted share {one.share}: it had to by {one.delete_by}",
            role="ig-officer",
            room="sharing",
            link=f"/shares/{one.share}/package/",
        )
    work.close_others(scope, "share.deletion", {str(one.share) for one in found})
    scope.tell(shares=len(found))
    return found


@verb("shares.deletion")
def of_share(scope: Scope, *, share: int) -> Deletion | None:
    """When this share must be deleted; None where the agreement counts no days, or it has not arrived."""
    row = scope.one(f"{_ARRIVED} and d.share_id = %s", (share,))
    scope.tell(share=share)
    return None if row is None else Deletion(**row)


@verb("shares.confirm-deletion")
def confirm(scope: Scope, *, share: int, said_so: str) -> None:
    """Keep the recipient's word that it has deleted the file: who said so, and how."""
    if not said(said_so):
        raise ShareError("Say how the recipient confirmed it, such as the date of its letter. No names.")
    changed = scope.run(
        "update system.share_deletion set said = %s, confirmed_by = %s, confirmed_at = %s"
        " where share_id = %s and confirmed_at is null",
        (said_so.strip(), scope.actor.id, clock.now(), share),
    )
    if not changed:
        raise ShareError("There is no deletion to confirm: no day was agreed, or it is confirmed already.")
    work.close(scope, "share.deletion", str(share))
    scope.tell(share=share)
