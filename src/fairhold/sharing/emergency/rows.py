"""A signed copy of the rows of policy that this council added, beside the spool: they decide while the store is down.

No personal data is in it. It is written anew whenever policy changes, and every day; where it is missing, was changed
or cannot be read, the rows that ship decide.
"""

from __future__ import annotations

import json
from datetime import datetime

from fairhold import policy
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.engine.errors import EngineError
from fairhold.governance import Book
from fairhold.policy.changing import after_changing
from fairhold.sharing import keys
from fairhold.sharing.emergency import spool
from fairhold.sharing.emergency.domain import EmergencyError

FILE = "policy.json"
SHIPPED = "Decided by the rows of policy that ship with Fairhold."
DAMAGED = f"The copy of this council's rows was changed or cannot be read. {SHIPPED}"


@after_changing
@verb("emergency.copy-policy", daily=True)
def copy(scope: Scope) -> int:
    """Write the council's rows that count now beside the spool; returns how many there are."""
    scope.run("select pg_advisory_xact_lock(hashtext('emergency.rows'))")  # the older of two never overwrites the newer
    own, left_out = policy.counting(scope)
    text = json.dumps({"as_of": clock.now().isoformat(), "own": own, "left_out": left_out}, ensure_ascii=False)
    signed = json.dumps({"rows": text, "signature": keys.sign(text.encode()).hex()})
    scope.tell(rows=len(own))
    try:
        spool.beside(FILE, signed.encode())
    except OSError:
        raise EmergencyError(
            "The copy of policy for emergencies could not be written, so an older one decides while the store is down:"
            " free some space. The daily run writes it then."
        ) from None
    return len(own)


def standing() -> tuple[Book | None, str]:
    """The book of the copy, and the sentence that says which rows decide; no book where those that ship do."""
    try:
        path = spool.folder() / FILE
        if not path.exists():
            return None, SHIPPED
        sealed = json.loads(path.read_text("utf-8"))
        if not keys.signed(sealed["rows"].encode(), bytes.fromhex(sealed["signature"]), keys.ours().signing):
            return None, DAMAGED
        told = json.loads(sealed["rows"])
        as_of = datetime.fromisoformat(told["as_of"]).astimezone(clock.LONDON)
        book = policy.book_of(told["own"], told["left_out"])
    except (OSError, EngineError, ValueError, KeyError, TypeError, AttributeError):
        return None, DAMAGED
    return book, f"Decided by this council's rows of policy as they stood on {as_of:%d %B %Y at %H:%M}."
