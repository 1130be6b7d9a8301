"""The totals, each a heading, a sentence that defines it, and rows of label and count."""

from __future__ import annotations

from dataclasses import dataclass

from fairhold import access, catalogue
from fairhold.access import Scope


@dataclass(frozen=True)
class Total:
    """One table of counts. `rows`: (label, children or None when withheld), largest first, withheld ones last."""

    view: str
    title: str
    definition: str
    rows: tuple[tuple[str, int | None], ...]


TITLES = {
    "on_roll": ("Children on roll, by school", "Persons with an enrolment that has no leaving date."),
    "year_group": ("Children by year group", "Persons by the year group their school last sent."),
    "sen": ("Children by special educational needs support", "Persons whose latest support has no end date."),
    "in_care": ("Children in care, by legal status", "Persons with an episode of care that has not ended."),
}
CODE_SETS = {"sen": "sen_provision", "year_group": "nc_year"}


def _label(view: str, code: str) -> str:
    if view not in CODE_SETS:
        return code
    return catalogue.codes.label(CODE_SETS[view], code) or code


@access.verb("totals.read")
def totals(scope: Scope) -> list[Total]:
    """Every total, under disclosure control: 1 to 7 withheld, the rest rounded to 5 (see `release`)."""
    found = []
    for view, (title, definition) in TITLES.items():
        rows = scope.rows(f"select label, children from totals.{view} order by children desc nulls last, label")
        found.append(
            Total(view, title, definition, tuple((_label(view, row["label"]), row["children"]) for row in rows))
        )
    scope.tell(tables=len(found))
    return found
