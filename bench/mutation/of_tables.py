"""Mutants of the policy tables: each row left out or out of its time, each decisive cell made another.

Names, titles, sentences and sources are words, not decisions: other tests hold them. What decides nothing is left out:
laws that no opening names or that have not begun, the further cells of a way that is never used, a consent to what law
opens already, and the laws behind a citation, which are read of the one for protecting a child alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from bench.mutation.domain import Mutant
from fairhold import governance
from fairhold.governance.dated import Row, key

SHIPPED = governance.shipped()
FLIPS = {"yes": "no", "no": "yes", "heeded": "decided apart", "decided apart": "heeded", "unverified": "yes"}
LINKS = ("", "enrolled_at", "placed_with", "applied_to", "linked_councils")
# file → column → what its cells hold
CELLS = {
    "lawful_bases": {"commenced": "flag"},
    "policy_recipients": {
        **dict.fromkeys(("age_from", "age_to", "age_to_send"), "age"),
        **dict.fromkeys(("resident", "agreement", "reference", "officer", "objection", "schedule"), "flag"),
        "link": "link", "approvals": "count", "law": "law",
    },
    "policy_purposes": {"recipients": "recipients"},
    "policy_channels": {"recipients": "recipients", "emergency": "flag", "never": "flag"},
    "policy_fields": {"core": "flag"},
    "policy_opens": {"fields": "fields", "gateway": "gateways", "law": "law"},
    "policy_refusals": {"law": "law"},
    "policy_law": {"lawful_bases": "gateways"},
}  # fmt: skip


def mutants() -> Iterator[Mutant]:
    """Every mutant of every row."""
    named = {one for row in SHIPPED.rows["policy_opens"] for one in row["gateway"].split()} | {"LB33"}
    for file, columns in CELLS.items():
        for place, row in enumerate(SHIPPED.rows[file]):
            if file == "lawful_bases" and row["id"] not in named:
                continue
            if row.get("commenced", "yes") == "yes":
                yield _mutant(file, place, "the row is gone", None)
                yield _mutant(file, place, "it has not begun", {**row, "from": "2030-01-01"})
                yield _mutant(file, place, "it has ended", {**row, "until": "2000-01-01"})
            for column, kind in columns.items():
                if not _decides(file, row, column):
                    continue
                for value in _others(kind, row[column]):
                    if not _same(file, row, column, value):
                        yield _mutant(file, place, f"{column} {row[column]!r} → {value!r}", {**row, column: value})
    yield from _orders()


def _decides(file: str, row: Row, column: str) -> bool:
    """Whether anything reads this cell."""
    if file == "policy_channels" and row["never"] == "yes":
        return column == "never"
    return file != "policy_law" or row["key"] == "protect"


def _same(file: str, row: Row, column: str, value: str) -> bool:
    """Whether another cell lets the same go, by the same law."""
    changed = {*row[column].split()} ^ {*value.split()}
    if (file, column) == ("policy_opens", "fields") and row["by"] == "consent":
        law = {one for other in SHIPPED.rows[file] for one in other["fields"].split()
               if (other["recipient"], other["by"]) == (row["recipient"], "law")}  # fmt: skip
        return changed <= law
    off = {law["id"] for law in SHIPPED.rows["lawful_bases"] if law["commenced"] != "yes"}
    return column == "gateway" and changed <= off and len(value) < len(row[column])


def _mutant(file: str, place: int, change: str, row: Row | None) -> Mutant:
    rows = list(SHIPPED.rows[file])
    about = " ".join(key(file, rows[place])).strip()
    rows[place : place + 1] = [] if row is None else [row]
    return Mutant("tables", f"{file} {about}", change, (file, tuple(rows)))


def _orders() -> Iterator[Mutant]:
    """The order of the refusals decides which one is told."""
    rows = SHIPPED.rows["policy_refusals"]
    for place in range(len(rows) - 1):
        swapped = [*rows[:place], rows[place + 1], rows[place], *rows[place + 2 :]]
        where = f"policy_refusals {rows[place]['rule']}"
        yield Mutant("tables", where, f"told after {rows[place + 1]['rule']}", ("policy_refusals", tuple(swapped)))


def _others(kind: str, value: str) -> Iterator[str]:
    """Every other cell of a kind that is near to this one."""
    if kind == "flag":
        yield FLIPS[value]
    elif kind == "link":
        yield from (link for link in LINKS if link != value)
    elif kind in ("age", "count") and value:
        yield from (str(int(value) + 1), str(max(int(value) - 1, 0))) if value != "0" else ("1",)
    elif kind == "law":
        yield "minimum" if value != "minimum" else "secure"
    elif kind in ("recipients", "fields", "gateways"):
        words = value.split()
        yield from (" ".join(word for word in words if word != gone) for gone in words)
        yield from (f"{value} {more}".strip() for more in _more(kind) if more not in words)


def _more(kind: str) -> list[str]:
    if kind == "gateways":
        return ["LB36"]
    file, column = {"recipients": ("policy_recipients", "slug"), "fields": ("policy_fields", "field")}[kind]
    return [row[column] for row in SHIPPED.rows[file]]
