"""How a postcode is looked up in SQL: as a whole number (`key`), smaller than its text and quicker to find."""

from __future__ import annotations

from typing import Final

CODE: Final = "[A-Z][A-Z0-9]{4,6}"


def plain(text: str) -> str:
    """SQL for a postcode as it is matched: spaces removed, in capitals."""
    return f"replace(upper({text}), ' ', '')"


def key(code: str) -> str:
    """SQL for the number that stands for a postcode in capitals without spaces; null for what is none.

    Seven characters of six bits each, shorter ones filled up with blanks on the left.
    """
    letters = (f"(ascii(substr(lpad({code}, 7, ' '), {n + 1}, 1)) - 32)::bigint * {64 ** (6 - n)}" for n in range(7))
    return f"case when regexp_full_match({code}, '{CODE}') then {' + '.join(letters)} end"
