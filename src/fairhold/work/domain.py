"""What an item of work is, and what it may say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from fairhold.errors import PlainError

_KIND = re.compile(r"[a-z][a-z0-9-]*(\.[a-z0-9-]+)*")
_KEY = re.compile(r"[A-Za-z0-9:_./-]{1,100}")
_PERSONAL = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[0-9A-HJ-NP-RT-Z]\b|\b\d{1,2}/\d{1,2}/\d{4}\b|@")
LONGEST_TITLE = 200


class WorkError(PlainError):
    """An item of work cannot be raised or closed as asked; the sentence says why."""


@dataclass(frozen=True)
class Item:
    """One thing for a person of `role` to do; `link` is the page that shows it, `due` the day it should be done by.

    `account` is the one person it is for, or None where it is for anybody of the role.
    """

    id: int
    kind: str
    key: str
    title: str
    role: str
    room: str
    link: str
    due: date | None
    raised_at: datetime
    account: int | None = None

    def overdue(self, day: date) -> bool:
        """Whether its day has passed."""
        return self.due is not None and self.due < day


def check_words(*, kind: str, key: str, title: str, link: str) -> None:
    """Refuse an item that is badly named or might name a child: a pupil number, a birth date, an e-mail address."""
    if not _KIND.fullmatch(kind):
        raise WorkError("The kind of an item of work is written in small letters with dots, like feed.late.")
    if not _KEY.fullmatch(key):
        raise WorkError(f"The key of an item of work ({kind}) is a number or code without spaces.")
    if not 0 < len(title) <= LONGEST_TITLE or _PERSONAL.search(title):
        raise WorkError(f"The title of an item of work ({kind}) is one short line without personal data.")
    if not link.startswith("/") or _PERSONAL.search(link):
        raise WorkError(f"The link of an item of work ({kind}) is a path of our own pages, without personal data.")
