"""How names and numbers are compared: the same as `system.plain` in the database, tested against it."""

from __future__ import annotations

import re
import unicodedata

_NOT_DECOMPOSED = str.maketrans("łŁøØđĐðÐıßæÆœŒþÞ", "lLoOdDdDisaAoOtT")
_OTHER = re.compile(r"[^a-z0-9]")


def plain(text: str) -> str:
    """Lower case, letters and digits only, accents dropped: `O’Néill-Smith` becomes `oneillsmith`."""
    return _OTHER.sub("", unicodedata.normalize("NFKD", text.translate(_NOT_DECOMPOSED)).lower())
