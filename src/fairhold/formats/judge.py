"""What is wrong with a pupil of a transfer file: the few faults that keep a row, or one value, out.

Censuses and returns are judged by rules elsewhere; nothing of theirs is set aside for being wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from fairhold.formats.domain import SetAside
from fairhold.formats.identifiers import Upn, tidy, upn
from fairhold.formats.places import Block, Check

MANDATORY = {"Surname": "surname", "Forename": "forename", "DOB": "birth date"}

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_DATES_KEPT = 50_000
_SENTENCES = {
    "bad-date": "This is no date of the form yyyy-mm-dd: the value is left out until the school corrects it.",
    "unknown-code": "No edition of the code set holds this code: the value is left out until the school corrects it.",
    "upn-pattern": "This has not the shape of a UPN: it is left out until the school corrects it.",
    "upn-check-letter": "The check letter of this UPN is wrong: it is left out until the school corrects it.",
}


def is_date(text: str) -> bool:
    """True for a day of the calendar written yyyy-mm-dd."""
    if _DATE.fullmatch(text) is None:
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fault(check: Check, text: str) -> str | None:
    """The kind of fault of a value that was not found among the good ones, or None."""
    if check.kind == "upn":
        verdict = upn(text)
        return verdict.value if verdict in (Upn.PATTERN, Upn.LETTER) else None
    if check.kind == "bad-date":
        if not is_date(text):
            return "bad-date"
        if isinstance(check.good, set) and len(check.good) < _DATES_KEPT:
            check.good.add(text)
        return None
    return check.kind


class Found(NamedTuple):
    """One pupil as read, with a way to ask on which line a path stands (asked only when something is wrong)."""

    row: int
    element: str
    line: int
    values: dict[str, str]
    line_of: Callable[[str], int]


class Judge:
    """Judges the pupils of one transfer file in their order; remembers the UPNs that went in."""

    def __init__(self, block: Block, set_aside: list[SetAside]) -> None:
        self._judged = block.judged
        self._set_aside = set_aside
        self._upns: set[str] = set()

    def admits(self, found: Found) -> bool:
        """True when the pupil goes in; bad values are taken out of `found.values` and set aside one by one."""
        values, judged = found.values, self._judged
        unsure = [path for path, text in values.items() if path in judged and text not in judged[path].good]
        faults = [(path, kind) for path in unsure if (kind := _fault(judged[path], values[path])) is not None]
        if not MANDATORY.keys() <= values.keys():
            return self._refuse_missing(found)
        if ("DOB", "bad-date") in faults:
            return self._refuse(found, "DOB", "bad-date", "The birth date is no date of the form yyyy-mm-dd")
        if not self._is_new(found, faults):
            return self._refuse(found, "UPN", "duplicate", "An earlier pupil of this file has the same UPN")
        if faults:
            self._take_out(found, faults)
        return True

    def _is_new(self, found: Found, faults: list[tuple[str, str]]) -> bool:
        """False for a UPN that an earlier pupil went in with. One that is itself at fault is nobody's number."""
        sent = found.values.get("UPN")
        if sent is None or (faults and any(path == "UPN" for path, _ in faults)):
            return True
        number = tidy(sent)
        if number in self._upns:
            return False
        self._upns.add(number)
        return True

    def _refuse_missing(self, found: Found) -> bool:
        lacking = [path for path in MANDATORY if path not in found.values]
        names = " and no ".join(MANDATORY[path] for path in lacking)
        return self._refuse(found, lacking[0], "missing", f"The pupil has no {names}")

    def _refuse(self, found: Found, path: str, kind: str, what: str) -> bool:
        sentence = f"{what}: the whole pupil is set aside until the school corrects it."
        line = found.line_of(path) if path in found.values else found.line
        entry = SetAside(found.row, line, path, kind, sentence, found.element, dict(found.values))
        self._set_aside.append(entry)
        return False

    def _take_out(self, found: Found, faults: list[tuple[str, str]]) -> None:
        for path, kind in faults:
            sent = {path: found.values.pop(path)}
            entry = SetAside(found.row, found.line_of(path), path, kind, _SENTENCES[kind], found.element, sent)
            self._set_aside.append(entry)
