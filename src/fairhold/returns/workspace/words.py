"""Words that people write beside faults: they name no child, as far as that can be seen.

Looked for are numbers and dates that tell a person, addresses, and the names and numbers of the children concerned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from fairhold.access import Scope
from fairhold.returns.workspace.domain import WorkspaceError

LONGEST: Final = 500
_TELLING: Final = (
    ("a pupil number", re.compile(r"\b[A-Z]\d{11}[0-9A-Z]\b", re.IGNORECASE)),
    ("a long number", re.compile(r"(?<![\d-])\d(?:[ -]?\d){6,}(?![\d-])")),
    ("a date", re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b")),
    ("a postcode", re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b", re.IGNORECASE)),
    ("an e-mail address", re.compile(r"@")),
)
_TOKEN: Final = re.compile(r"[^\W_][\w'’-]*")


def check(scope: Scope, text: str, *, children: Iterable[str], subjects: Iterable[int]) -> None:
    """Raise WorkspaceError when the text is empty, too long, or may tell who a child is.

    `children` are the numbers of the children concerned, `subjects` their subjects: the store compares the words that
    begin with a capital letter with their names, and answers with yes or no.
    """
    if not text.strip():
        raise WorkspaceError("Say it in a word or two: the text is empty.")
    if len(text) > LONGEST:
        raise WorkspaceError(f"The text has more than {LONGEST} letters: say it shorter.")
    for what, pattern in _TELLING:
        if pattern.search(text):
            raise WorkspaceError(f"The text holds {what}, which may tell who a child is: say it without.")
    tokens = set(_TOKEN.findall(text))
    numbers = {child.casefold() for child in children if any(letter.isdigit() for letter in child)}
    if {token.casefold() for token in tokens} & numbers:
        raise WorkspaceError("The text holds the number of a child it is about: say it without.")
    capitals = sorted(token for token in tokens if token[:1].isupper())
    if capitals and scope.value(
        "select system.return_text_names(%s::bigint[], %s::text[])", (sorted(set(subjects)), capitals)
    ):
        raise WorkspaceError(
            "A word of the text is the name of a child it is about: say it without, or in other words."
        )
