"""How a source's own key for a pupil is made: from a number that checks itself, else from names and birth date.

The key is a digest, so that a table of subjects shows no one a number or a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from fairhold.facts import plain
from fairhold.formats import identifiers

_GOOD = {identifiers.Upn.GOOD, identifiers.Upn.TEMPORARY}


def _digest(kind: str, text: str) -> str:
    return f"{kind}-{blake2b(text.encode(), digest_size=12).hexdigest()}"


def number_key(upn: str | None) -> str | None:
    """The key of a pupil with this UPN; None without one, or when its shape or check letter is wrong."""
    if upn is None or identifiers.upn(upn) not in _GOOD:
        return None
    return _digest("upn", identifiers.tidy(upn))


def pupil_keys(values: Mapping[str, str]) -> tuple[str, list[str]]:
    """The key of a pupil of a transfer file, and the keys earlier files may have used for the same pupil."""
    named = "|".join(plain(values.get(part, "")) for part in ("Surname", "Forename")) + "|" + values.get("DOB", "")
    by_name = _digest("name", named)
    former = number_key(values.get("BasicDetails/FormerUPN"))
    key = number_key(values.get("UPN"))
    if key is None:
        return by_name, []
    return key, [by_name] if former is None or former == key else [by_name, former]
