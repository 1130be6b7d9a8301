"""Rows without names: a word that stands for a child, the same in every file for one recipient, another for the next.

The word is a keyed hash. Its key is made of a secret outside the database and of a salt in it, one for each recipient
and purpose: who holds one of the two cannot find the child, and with a new salt the old words mean nothing to anybody.
It is the person that counts: where two records of a child are joined, the joined child has the word of the first.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace

from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.engine.secret import secret
from fairhold.sharing.forms import PSEUDONYM, Row
from fairhold.sharing.shares import ShareError

KEY = ("FAIRHOLD_PSEUDONYM_KEY", "pseudonym.key")
DIRECT = frozenset(
    ("name", "address", "date_of_birth", "upn", "nhs_number", "phone", "email", "parent_name", "safeguarding_notes")
)
"""Fields that say who a child is, or are free text that may: they never go beside a pseudonym."""


def word(salt: bytes, recipient: int, purpose: str, subject: int) -> str:
    """The 16 letters and digits that stand for one child towards one recipient."""
    key = _keyed(secret(*KEY), "pseudonym", salt.hex(), str(recipient), purpose)
    return base64.b32encode(_keyed(key, str(subject))[:10]).decode().lower()


def shuffled(rows: Sequence[Row], share: int) -> list[Row]:
    """The rows in an order that tells nothing: neither names nor numbers nor days of intake, and another in each share;
    the same each time, so that a file made again is the same file."""
    key = _keyed(secret(*KEY), "order", str(share))
    return sorted(rows, key=lambda row: _keyed(key, str(row.subject)))


def marker(share: int) -> Callable[[Row, str], str]:
    """What makes of a row and a column the keyed hash of what is told there, blank where nothing is: it shows later
    whether that changed."""
    keyed = hashlib.blake2b(key=_keyed(secret(*KEY), "mark", str(share)), digest_size=8)

    def mark(row: Row, column: str) -> str:
        text = row.told(column)
        if not text:
            return ""
        one = keyed.copy()
        one.update(f"{row.subject}\0{column}\0{text}".encode())
        return one.hexdigest()

    return mark


def _keyed(key: bytes, *said: str) -> bytes:
    return hmac.new(key, "\0".join(said).encode(), hashlib.sha256).digest()


def instead_of_names(scope: Scope, rows: Sequence[Row], *, recipient: int, purpose: str) -> list[Row]:
    """The rows with a pseudonym, and without anything that says who a child is, whatever was decided."""
    salt = _salt(scope, recipient, purpose)
    return [
        replace(
            row,
            values={
                **{name: text for name, text in row.values.items() if name not in DIRECT},
                PSEUDONYM: word(salt, recipient, purpose, row.subject),
            },
            allowed=row.allowed - DIRECT | {PSEUDONYM},
            name=(None, None),
        )
        for row in rows
    ]


def _salt(scope: Scope, recipient: int, purpose: str) -> bytes:
    scope.run(
        "insert into system.share_pseudonym (partner_id, purpose, salt, made_at) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        (recipient, purpose, secrets.token_bytes(32), clock.now()),
    )
    return bytes(
        scope.value(
            "select salt from system.share_pseudonym where partner_id = %s and purpose = %s", (recipient, purpose)
        )
    )


@verb("shares.renew-pseudonyms")
def renew(scope: Scope, *, partner: int, purpose: str) -> None:
    """Give a recipient new pseudonyms from the next file on. The old ones can be made and resolved by nobody again."""
    changed = scope.run(
        "update system.share_pseudonym set salt = %s, made_at = %s where partner_id = %s and purpose = %s",
        (secrets.token_bytes(32), clock.now(), partner, purpose),
    )
    if not changed:
        raise ShareError("This recipient has had no pseudonyms for this purpose: there is nothing to renew.")
    scope.tell(partner=partner, purpose=purpose)
