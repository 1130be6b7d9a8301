"""Whether a row of policy is one that both evaluators can read. Pure; raises a sentence for people."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fairhold import governance
from fairhold.errors import PlainError
from fairhold.governance import Book
from fairhold.policy.grade import HARDEST, grade

Row = Mapping[str, str]
OLDEST = 130


class BadRow(PlainError):
    """A row that says something no evaluator could read, and what to write instead."""


def _one_of(*allowed: str) -> Callable[[str, str], None]:
    def check(column: str, text: str) -> None:
        if text not in allowed:
            shown = ", ".join(one or "nothing" for one in allowed)
            raise BadRow(f"The column {column} takes one of: {shown}.")

    return check


def _age(column: str, text: str) -> None:
    if text and not (text.isascii() and text.isdecimal() and 0 < int(text) <= OLDEST):
        raise BadRow(f"The column {column} takes a whole number of years, or nothing.")


def _count(column: str, text: str) -> None:
    if not (text.isascii() and text.isdecimal() and int(text) <= 3):
        raise BadRow(f"The column {column} takes a number of people from 0 to 3.")


def _days(column: str, text: str) -> None:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 1000):
        raise BadRow(f"The column {column} takes a number of days.")


_yes_no = _one_of("yes", "no")
_CELLS: dict[str, dict[str, Callable[[str, str], None]]] = {
    "lawful_bases": {"commenced": _one_of("yes", "no", "unverified")},
    "policy_recipients": {
        **dict.fromkeys(("age_from", "age_to", "age_to_send"), _age),
        **dict.fromkeys(("resident", "agreement", "reference", "officer", "schedule"), _yes_no),
        "link": _one_of("", "enrolled_at", "placed_with", "applied_to", "linked_councils"),
        "objection": _one_of("heeded", "decided apart"),
        "approvals": _count,
    },
    "policy_purposes": {"when": _one_of("always", "emergency")},
    "policy_channels": {"emergency": _yes_no, "never": _yes_no},
    "policy_fields": {"core": _yes_no},
    "policy_opens": {"by": _one_of("law", "consent")},
    "policy_reasons": {"identified": _yes_no, "open": _yes_no},
    "policy_terms": {"days": _days},
    "share_flows": {
        **dict.fromkeys(("pseudonyms", "schedule"), _yes_no),
        "people": _one_of("young-people", "school-leavers", "cohort", "case"),
        "works_under": _one_of(*(purpose.slug for purpose in governance.purposes() if purpose.roles)),
    },
}
# file → column → the file and column its words must stand in
_WORDS = {
    ("policy_purposes", "recipients"): ("policy_recipients", "slug"),
    ("policy_channels", "recipients"): ("policy_recipients", "slug"),
    ("policy_opens", "recipient"): ("policy_recipients", "slug"),
    ("policy_opens", "fields"): ("policy_fields", "field"),
    ("policy_opens", "gateway"): ("lawful_bases", "id"),
    ("policy_opens", "law"): ("policy_law", "key"),
    ("policy_recipients", "law"): ("policy_law", "key"),
    ("policy_law", "lawful_bases"): ("lawful_bases", "id"),
    ("policy_evidence", "channels"): ("policy_channels", "channel"),
    ("policy_known", "recipient"): ("policy_recipients", "slug"),
    ("policy_known", "purposes"): ("policy_purposes", "purpose"),
    ("policy_known", "gateway"): ("lawful_bases", "id"),
    ("share_flows", "recipients"): ("policy_recipients", "slug"),
    ("share_flows", "purpose"): ("policy_purposes", "purpose"),
    ("share_flows", "fields"): ("policy_fields", "field"),
    ("share_flows", "channel"): ("policy_channels", "channel"),
    ("share_flows", "reasons"): ("policy_reasons", "reason"),
}


def check(book: Book, file: str, row: Row) -> None:
    """Raise `BadRow` unless the row can be read, and names only what the book knows."""
    for column, cell in _CELLS.get(file, {}).items():
        cell(column, row[column])
    for (where, column), (other, named) in _WORDS.items():
        if where == file:
            unknown = set(row[column].split()) - {found[named] for found in book.rows[other]}
            if unknown:
                raise BadRow(f"The column {column} names {', '.join(sorted(unknown))}, which {other} does not list.")
    if file == "policy_recipients":
        _ages(row)
    _plain(book, file, row)
    if row["until"] and row["until"] <= row["from"]:
        raise BadRow("The row would end before it begins: correct one of the two dates.")


def _ages(row: Row) -> None:
    ages = [row[name] for name in ("age_from", "age_to", "age_to_send")]
    if any(ages) and not all(ages):
        raise BadRow("Give all three ages, or none: age_from, age_to and age_to_send.")
    if any(ages) and not int(ages[0]) < int(ages[1]) <= int(ages[2]):
        raise BadRow("The ages must rise: age_from before age_to, and age_to_send no lower than age_to.")


def _plain(book: Book, file: str, row: Row) -> None:
    """Sentences for people stay plain, whatever name or words come into them."""
    slots = {"who": "the college", "ways": "the portal", "age_from": "13", "age_to_send": "25", "last": "25"}
    told = [row] if file == "policy_refusals" else book.rows["policy_refusals"]
    slots |= {"who": row["name"]} if file == "policy_recipients" else {}
    slots |= {"ways": row["title"]} if file == "policy_channels" else {}
    for sentence in (one[column] for one in told for column in ("reason", "would_change")):
        try:
            said = sentence.format(**slots)
        except (KeyError, IndexError, ValueError):
            raise BadRow(f"A sentence may name {', '.join(slots)} in curly brackets, and nothing else.") from None
        if grade(said) > HARDEST:
            raise BadRow(f"“{said}” is too hard to read (grade {grade(said):.1f}): use shorter words and sentences.")
