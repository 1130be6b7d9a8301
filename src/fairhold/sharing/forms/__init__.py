"""How the allowed rows are written: CSV, Excel, JSON, a transfer file, a letter; and the check of the bytes made.

Writing and checking share nothing but the decisions, so that a fault in one shows in the other: a form's reader is
another program than its writer, and what it finds is held to the decision on each child and field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from unicodedata import category

from fairhold.sharing.forms import csvfile, ctf, jsonfile, letter, workbook
from fairhold.sharing.forms.domain import PSEUDONYM, About, Built, Row, Table, Values, wrong
from fairhold.sharing.shares import ShareError

__all__ = ["FORMS", "PSEUDONYM", "About", "Built", "Row", "Table", "Values", "build", "check", "extension", "table"]


@dataclass(frozen=True)
class Form:
    """One form: how its files end, what writes it, what reads it strictly, whether what it says is what the record
    holds, and what reads one that left long ago, by the titles of the fields."""

    extension: str
    write: Callable[[Sequence[str], Sequence[Row], About], bytes]
    read: Callable[[bytes, About], Table]
    same: Callable[[str, str], bool]
    table: Callable[[bytes, Mapping[str, str]], Table]


def _equal(found: str, held: str) -> bool:
    return found == " ".join(held.split())


def _plainly(read: Callable[[bytes, About], Table]) -> Callable[[bytes, Mapping[str, str]], Table]:
    """A form that says nothing beside its table is read the same way always."""
    nothing = About(0, "", None, "", date.min, "")
    return lambda data, titles: read(data, nothing)


FORMS = {
    "csv": Form("csv", csvfile.write, csvfile.read, csvfile.same, _plainly(csvfile.read)),
    "xlsx": Form("xlsx", workbook.write, workbook.read, _equal, _plainly(workbook.read)),
    "json": Form("json", jsonfile.write, jsonfile.read, _equal, _plainly(jsonfile.read)),
    "ctf": Form("xml", ctf.write, ctf.read, _equal, ctf.table),
    "letter": Form("pdf", letter.write, letter.read, letter.same, letter.table),
}


def _form(slug: str) -> Form:
    if slug not in FORMS:
        raise ShareError(f"There is no form “{slug}”: use one of {', '.join(FORMS)}.")
    return FORMS[slug]


def extension(form: str) -> str:
    """How the file of the rows ends."""
    return _form(form).extension


def build(form: str, rows: Sequence[Row], fields: Sequence[str], about: About) -> Built:
    """The rows in their form. A column stands only if some row fills it; a child of whom nothing may go has no row."""
    told = [row for row in rows if row.leaving.keys() - {PSEUDONYM}]
    columns = [name for name in fields if any(name in row.leaving for row in told)]
    return Built(_form(form).write(columns, told, about), tuple(columns), tuple(told))


def table(form: str, data: bytes, titles: Mapping[str, str]) -> Table:
    """What a file of this form says in its rows, whenever and to whom it went; values may be without white space."""
    return _form(form).table(data, titles)


def check(form: str, data: bytes, rows: Sequence[Row], permitted: frozenset[str], about: About) -> None:
    """Read the bytes back and raise unless every one of them traces to a decision.

    `permitted` is what the closed list of this recipient can open at most; the rest of the table is each row's own.
    """
    found = _form(form).read(data, about)
    if len(set(found.columns)) != len(found.columns) or not set(found.columns) <= permitted:
        raise wrong("it has a column that may not leave")
    if len(found.rows) != len(rows):
        raise wrong("it has a row too many or too few")
    for told, row in zip(found.rows, rows, strict=True):
        if not told.keys() <= row.allowed & set(found.columns):
            raise wrong("a value stands where the decision says no")
        if not all(_form(form).same(text, _held(row, name)) for name, text in told.items()):
            raise wrong("a value is not the one the record holds")


def _held(row: Row, name: str) -> str:
    text = row.values.get(name) or ""
    if text.isprintable():
        return text
    return "".join(one for one in text if one.isspace() or (category(one) != "Cc" and one not in "\ufffe\uffff"))
