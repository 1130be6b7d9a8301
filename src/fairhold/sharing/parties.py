"""Who may receive files, and under which agreement. Keys count only when a second person has confirmed them."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold.access import Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import flows, keys
from fairhold.sharing.agreements import Agreement, add_agreement, agreements, suspend
from fairhold.sharing.sftp import Endpoint
from fairhold.sharing.shares import ShareError

__all__ = [
    "Agreement",
    "NewPartner",
    "Partner",
    "add_agreement",
    "add_partner",
    "agreements",
    "confirm_partner",
    "find_partner",
    "partners",
    "suspend",
]


@dataclass(frozen=True)
class NewPartner:
    """A body as somebody registers it. `kind` is the gate's recipient; `host_key` and `age_key` are public keys."""

    kind: str
    name: str
    organisation: str | None
    endpoint: Endpoint
    age_key: str


@dataclass(frozen=True)
class Partner:
    """A registered body, with the fingerprints people compare."""

    id: int
    body: NewPartner
    age_fingerprint: str
    host_fingerprint: str
    added_by: int
    confirmed_by: int | None


@verb("shares.add-partner")
def add_partner(scope: Scope, *, body: NewPartner) -> int:
    """Register a body, or give a registered one new keys or a new server: both need confirming by a second person."""
    kinds = sorted({kind for flow in flows.flows(scope).values() for kind in flow.recipients})
    if body.kind not in kinds:
        raise ShareError(f"The kind of a recipient is one of: {', '.join(kinds)}.")
    if not (body.name.strip() and body.endpoint.host.strip() and body.endpoint.login.strip()):
        raise ShareError("A recipient has a name, a server and a login: fill in all three.")
    keys.age_fingerprint(body.age_key)
    keys.host_fingerprint(body.endpoint.host_key)
    end = body.endpoint
    found: int = scope.value(
        "insert into system.share_partner (kind, name, organisation, host, port, login, folder, host_key, age_key,"
        " added_by, added_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
        " on conflict (name) do update set kind = excluded.kind, organisation = excluded.organisation,"
        " host = excluded.host, port = excluded.port, login = excluded.login, folder = excluded.folder,"
        " host_key = excluded.host_key, age_key = excluded.age_key, added_by = excluded.added_by,"
        " added_at = excluded.added_at, confirmed_by = null, confirmed_at = null returning id",
        (
            body.kind,
            body.name,
            body.organisation,
            *(end.host, end.port, end.login, end.folder, end.host_key),
            body.age_key,
            scope.actor.id,
            clock.now(),
        ),
    )
    scope.tell(partner=found, kind=body.kind)
    return found


@verb("shares.confirm-partner")
def confirm_partner(scope: Scope, *, partner: int, age_fingerprint: str, host_fingerprint: str) -> None:
    """Confirm both keys by the fingerprints the recipient read out. Whoever registered them cannot confirm them."""
    found = find_partner(scope, partner)
    if found.added_by == scope.actor.id:
        raise ShareError("You registered these keys yourself: a second person must confirm them.")
    given, kept = age_fingerprint.replace(" ", "").lower(), found.age_fingerprint.replace(" ", "")
    if given != kept or host_fingerprint.strip() != found.host_fingerprint:
        raise ShareError(
            "The fingerprints are not those of the keys we hold: nothing is confirmed. Ask the recipient by telephone."
        )
    scope.run(
        "update system.share_partner set confirmed_by = %s, confirmed_at = %s where id = %s and added_by <> %s",
        (scope.actor.id, clock.now(), partner, scope.actor.id),
    )
    scope.tell(partner=partner)


@verb("shares.list-partners")
def partners(scope: Scope) -> list[Partner]:
    """Every registered body."""
    return [_partner(row) for row in scope.rows("select * from system.share_partner order by id")]


def find_partner(scope: Scope, partner: int) -> Partner:
    """The body with that number."""
    row = scope.one("select * from system.share_partner where id = %s", (partner,))
    if row is None:
        raise ShareError("There is no such recipient: see the list of recipients.")
    return _partner(row)


def _partner(row: Row) -> Partner:
    end = Endpoint(row["host"], row["port"], row["login"], row["folder"], row["host_key"])
    return Partner(
        id=row["id"],
        body=NewPartner(row["kind"], row["name"], row["organisation"], end, row["age_key"]),
        age_fingerprint=keys.age_fingerprint(row["age_key"]),
        host_fingerprint=keys.host_fingerprint(row["host_key"]),
        added_by=row["added_by"],
        confirmed_by=row["confirmed_by"],
    )
