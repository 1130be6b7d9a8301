"""Counts of children: 1 to 7 are withheld and everything else is rounded to the nearest 5.

Source of the figures: the rule of OpenSAFELY's output checking (redact 7 or fewer, then round to 5). With a
threshold of 5 a shown 5 could only be 6 or 7, so 7 is the smallest threshold that goes with rounding to 5.
A withheld count is shown as “c”; a true zero stays a zero.
"""

from __future__ import annotations

THRESHOLD = 7
ROUND_TO = 5
WITHHELD = "c"


def safe(count: int) -> int | None:
    """The count as it may be shown: None when it is withheld. Halves cannot occur with whole numbers and 5."""
    if 1 <= count <= THRESHOLD:
        return None
    return (count + ROUND_TO // 2) // ROUND_TO * ROUND_TO


def shown(count: int | None) -> str:
    """The count as text, “c” for a withheld one."""
    return WITHHELD if count is None else f"{count:,}"
