"""Packing and sending: what was approved, if it may still go today, encrypted, signed, sent, and a receipt kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from fairhold import policy, vault, work
from fairhold.access import Note, Row, Scope, verb
from fairhold.dates import clock
from fairhold.sharing import csvfile, package, parties, queries, sftp, tables
from fairhold.sharing.deciding import Decided, asked_of, decide
from fairhold.sharing.parties import Agreement, Partner
from fairhold.sharing.proposing import keep_decisions
from fairhold.sharing.shares import LAPSES_AFTER, Share, ShareError, State, file_name

KLASS, RETENTION = "protected contact", "RT31"
KEPT = 90  # days a package is kept after it was made, for a retry and for questions (RT31)
EXPIRES = 31  # days after which a recipient asks for a newer list


@verb("shares.pack")
def pack(scope: Scope, *, share: int) -> Share:
    """Make the package of an approved share. Every child is decided again today: what has closed since stays behind,
    and nothing that was not approved comes in. The bytes made are read back and held to the decisions."""
    found = queries.share(scope, share)
    if found.state is State.PACKED:
        return found
    if found.state is not State.APPROVED:
        raise ShareError(f"This share is {found.state.value}: only an approved share can be packed.")
    if (scope.day - found.as_of).days >= LAPSES_AFTER:
        raise ShareError(f"This share was decided on {found.as_of}, too long ago: propose it again.")
    partner, agreement = _parties(scope, share)
    decided = decide(scope, asked_of(scope, found))
    approved = queries.allowed(scope, share)
    decided = [one for one in decided if one.subject in approved]
    keep_decisions(scope, share, decided)
    data, columns, told = _rows(scope, found, decided, approved)
    ends = agreement.to_date if agreement is not None else None
    expires = min(scope.day + timedelta(days=EXPIRES), ends or date.max)
    manifest = {
        **_manifest(found, partner, agreement),
        "decided": scope.day.isoformat(),
        "expires": expires.isoformat(),
        "fields": columns,
        "rows": len(told),
    }
    sealed = package.seal(data, manifest, partner.body.age_key)
    kept = vault.keep(
        scope,
        sealed,
        kind="share",
        klass=KLASS,
        retention=RETENTION,
        due=scope.day + timedelta(days=KEPT),
        opens_for=["information-governance"],
    )
    scope.run(
        "insert into system.share_package values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            *(share, kept.id, file_name(share), kept.sha256, hashlib.sha256(data).hexdigest(), len(told), columns),
            *(expires, scope.actor.id, clock.now()),
        ),
    )
    guards = {one.subject: 1 if one.person.confidential_address else 0 for one in decided}
    queries.store_lines(scope, share, [(row.subject, guards[row.subject]) for row in told])
    scope.concerns(row.subject for row in told)
    scope.tell(share=share, rows=len(told), fields=" ".join(columns), sha256=kept.sha256)
    return queries.share(scope, share)


def _parties(scope: Scope, share: int) -> tuple[Partner, Agreement | None]:
    number, agreement = queries.partner_of(scope, share)
    partner = parties.find_partner(scope, number)
    if partner.confirmed_by is None:
        raise ShareError(
            "The recipient's keys are not confirmed by a second person: nothing is made. Have them confirmed first."
        )
    return partner, next((one for one in parties.agreements(scope, number) if one.id == agreement), None)


def _rows(
    scope: Scope, share: Share, decided: Sequence[Decided], approved: Mapping[int, frozenset[str]]
) -> tuple[bytes, list[str], list[csvfile.Row]]:
    rows = [csvfile.Row(one.subject, one.row.values, approved[one.subject] & one.row.allowed) for one in decided]
    data, columns, told = csvfile.build(rows, share.fields)
    if not told:
        raise ShareError("Nothing of what was approved may still go today: propose the share again.")
    recipient = tables.policy(policy.book(scope)).on(scope.day.isoformat()).recipients[share.kind]
    csvfile.check(data, told, frozenset(recipient.by_law) | frozenset(recipient.by_consent))
    return data, columns, told


def _manifest(share: Share, partner: Partner, agreement: Agreement | None) -> dict[str, object]:
    return {
        "format": "fairhold share 1",
        "decision": share.id,
        "recipient": partner.body.name,
        "purpose": share.purpose,
        "agreement": agreement and agreement.id,
        "keep": agreement and agreement.keeps,
        "policy": share.policy_version,
    }


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
    partner, agreement = _parties(scope, share)
    _still_open(scope, found, agreement)
    kept = scope.one("select * from system.share_package where share_id = %s", (share,))
    assert kept is not None
    data = vault.open(scope, kept["file_id"])
    if hashlib.sha256(data).hexdigest() != kept["sha256"]:
        raise ShareError("The kept package is not the one that was made: nothing is sent. Check the vault.")
    subjects = [
        row["subject_id"]
        for row in scope.rows("select subject_id from system.share_line where share_id = %s", (share,))
    ]
    scope.record("shares.leaving", Note(subjects, {"share": share, "sha256": kept["sha256"], "rows": kept["rows"]}))
    remote, said = _deliver(partner, kept["name"], data)
    if remote is not None:
        work.close(scope, "share.send", str(share))
    scope.tell(share=share, arrived=int(remote is not None), sha256=kept["sha256"])
    attempt = scope.one(
        "insert into system.share_transfer (share_id, arrived, said, remote, size, sent_by, at)"
        " values (%s, %s, %s, %s, %s, %s, %s) returning arrived, said, remote, size",
        (share, remote is not None, said, remote, len(data), scope.actor.id, clock.now()),
    )
    assert attempt is not None
    return attempt


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
