"""Packing and sending: what was approved, if it may still go today, encrypted, signed, sent, and a receipt kept."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

from fairhold import vault, work
from fairhold.access import Note, Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import forms, package, packing, parties, pseudonyms, queries, sftp
from fairhold.sharing.deciding import asked_of, decide
from fairhold.sharing.parties import Agreement, Partner
from fairhold.sharing.proposing import close_decisions
from fairhold.sharing.shares import LAPSES_AFTER, Share, ShareError, State, file_name

BEHIND = "The clock of this machine is behind: nothing is made or sent. Have it set right."
KLASS, RETENTION = "protected contact", "RT31"
BY_ITSELF = ("sftp", "portal")  # ways Fairhold goes itself; to the others a person takes the package
KEPT = 90  # days a package is kept after it was made, for a retry and for questions (RT31)


@verb("shares.pack")
def pack(scope: Scope, *, share: int) -> Share:
    """Make the package of an approved share. Every child is decided again today: what has closed since stays behind,
    and nothing that was not approved comes in. The bytes made are read back and held to the decisions."""
    found = queries.share(scope, share)
    if found.state is State.PACKED:
        return found
    if found.state is not State.APPROVED:
        raise ShareError(f"This share is {found.state.value}: only an approved share can be packed.")
    if scope.day < found.as_of:
        raise ShareError(f"{BEHIND} This share was decided on {found.as_of}.")
    if (scope.day - found.as_of).days >= LAPSES_AFTER:
        raise ShareError(f"This share was decided on {found.as_of}, too long ago: propose it again.")
    asked = asked_of(scope, found)
    _confirmed(asked.partner)
    approved = queries.allowed(scope, share)
    decided = [one for one in decide(scope, asked) if one.subject in approved]
    close_decisions(scope, share, decided, approved)
    made = packing.make(scope, found, asked, [one.narrowed(approved[one.subject]) for one in decided])
    built = made.built
    sealed = package.seal(built.data, made.manifest, asked.partner.body.age_key, extension=forms.extension(found.form))
    kept = vault.keep(
        scope,
        sealed,
        kind="share",
        klass=KLASS,
        retention=RETENTION,
        due=scope.day + timedelta(days=KEPT),
        opens_for=["information-governance", *(["partner-request"] if found.channel == "portal" else [])],
    )
    scope.run(
        "insert into system.share_package (share_id, file_id, name, sha256, csv_sha256, rows, columns, expires,"
        " packed_by, packed_at) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(share, kept.id, file_name(share), kept.sha256, hashlib.sha256(built.data).hexdigest()),
            *(len(built.rows), list(built.columns), made.expires, scope.actor.id, clock.now()),
        ),
    )
    if made.delete_by is not None:
        scope.run("insert into system.share_deletion (share_id, delete_by) values (%s, %s)", (share, made.delete_by))
    guards = {one.subject: 2 if one.person.restricted else int(one.person.confidential_address) for one in decided}
    mark = pseudonyms.marker(share)
    told = ((row, [mark(row, name) for name in built.columns]) for row in built.rows)
    queries.store_lines(scope, share, [(row.subject, guards[row.subject], marks) for row, marks in told])
    scope.concerns(row.subject for row in built.rows)
    scope.tell(share=share, rows=len(built.rows), fields=" ".join(built.columns), sha256=kept.sha256)
    return queries.share(scope, share)


def _confirmed(partner: Partner) -> None:
    if partner.confirmed_by is None:
        raise ShareError(
            "The recipient's keys are not confirmed by a second person: nothing is made. Have them confirmed first."
        )


def _parties(scope: Scope, share: int) -> tuple[Partner, Agreement | None]:
    number, agreement = queries.partner_of(scope, share)
    partner = parties.find_partner(scope, number)
    _confirmed(partner)
    return partner, next((one for one in parties.agreements(scope, number) if one.id == agreement), None)


@verb("shares.send")
def send(scope: Scope, *, share: int) -> Row:
    """Send the package of a share and keep the receipt, or what went wrong: then the same file can be sent again.

    Returns the kept attempt: `arrived`, `said`, `remote`, `size`. A share that has arrived is not sent twice.
    """
    found = queries.share(scope, share)
    if found.state is State.SENT:
        raise ShareError("This share has arrived already: see its receipt.")
    if found.state is not State.PACKED:
        raise ShareError(f"This share is {found.state.value}: pack it first.")
    if found.channel != "sftp":
        raise ShareError(
            "This share does not go by SFTP: offer it with a code, or take it by hand, on its package page."
        )
    name, data, sha256 = ready(scope, found)
    subjects = queries.subjects_on(scope, share)
    scope.record("shares.leaving", Note(subjects, {"share": share, "sha256": sha256, "rows": found.rows or 0}))
    partner, _ = _parties(scope, share)
    remote, said = _deliver(partner, name, data)
    if remote is not None:
        work.close(scope, "share.send", str(share))
    scope.tell(share=share, arrived=int(remote is not None), sha256=sha256)
    attempt = scope.one(
        "insert into system.share_transfer (share_id, arrived, said, remote, size, sent_by, at)"
        " values (%s, %s, %s, %s, %s, %s, %s) returning arrived, said, remote, size",
        (share, remote is not None, said, remote, len(data), scope.actor.id, clock.now()),
    )
    assert attempt is not None
    return attempt


def ready(scope: Scope, share: Share) -> tuple[str, bytes, str]:
    """The name, the bytes and the hash of a package that may leave today; raises ShareError where it may not, or where
    the kept bytes are not those that were made."""
    _, agreement = _parties(scope, share.id)
    _still_open(scope, share, agreement)
    kept = scope.one("select * from system.share_package where share_id = %s", (share.id,))
    assert kept is not None
    if clock.now() < kept["packed_at"]:
        raise ShareError(BEHIND)
    data = vault.open(scope, kept["file_id"])
    if hashlib.sha256(data).hexdigest() != kept["sha256"]:
        raise ShareError("The kept package is not the one that was made: nothing is sent. Check the vault.")
    return kept["name"], data, kept["sha256"]


def _still_open(scope: Scope, share: Share, agreement: Agreement | None) -> None:
    if agreement is not None and (agreement.suspended or (agreement.to_date or date.max) <= scope.day):
        raise ShareError("The agreement is no longer in force: nothing is sent.")
    if share.expires is None or share.expires <= scope.day:
        raise ShareError("The time of this package is up: propose the share again.")


def _deliver(partner: Partner, name: str, data: bytes) -> tuple[str | None, str]:
    try:
        remote = sftp.deliver(partner.body.endpoint, name, data)
    except sftp.TransferError as error:
        return None, error.sentence
    return remote, f"Arrived at {partner.body.endpoint.host}, host key {partner.host_fingerprint}."
