"""One official table out of the record, as one question: which facts belong into it, and what its columns say.

A part of a return names the fact table its rows are made of, and by which rule of the collection a fact belongs into
the year. What else its rows say is joined: facts of the same item from other tables, and single values of the child.

Dated items are cut to the last day. What has no dates of its own (ethnicity, how an adoption came about) is the newest
that was known: it is corrected after the year has ended, and the return is to have the correction. An item that the
source no longer told on the last day is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fairhold import catalogue
from fairhold.access import Scope
from fairhold.returns.building.children import person_cell
from fairhold.returns.building.domain import AsAt, Table
from fairhold.returns.building.mapping import Told
from fairhold.returns.building.values import until_then

TOUCHES = "f.from_date <= %(valid)s and f.until_date >= %(starts)s"
HAPPENED = "f.from_date between %(starts)s and %(valid)s"
OF_THE_YEAR = "f.collection_year = %(year)s"


@dataclass(frozen=True)
class Part:
    """How one official table is made. `belongs` is a condition on the fact `f`; `sentence` says to people when a fact
    does not fulfil it. Without a `fact`, the table has one row a child.

    `inner` are told beside the official columns: fields that tie rows to those of other tables. `key` are the fields
    that sort the rows of a child. `of_some` are columns that are asked of some children only, and of whom not.
    """

    table: str
    fact: catalogue.Table | None
    columns: tuple[Told, ...]
    belongs: str
    sentence: str
    key: tuple[str, ...] = ()
    inner: tuple[Told, ...] = ()
    of_some: tuple[tuple[str, str], ...] = ()

    @property
    def every(self) -> tuple[Told, ...]:
        """All that its question asks for."""
        return (*self.columns, *self.inner)

    def single(self, told: Told) -> bool:
        """Whether a column is a single value of the child, the same for all rows."""
        fact = told.fact
        return fact is not None and fact is not self.fact and (fact.shape == "state" or bool(told.only))


def group(told: Told) -> str:
    """What a column shares its origin with: its fact table, or the field alone where it is a single value."""
    return f"{told.name}.{told.only}" if told.fact and (told.fact.shape == "state" or told.only) else told.of


def params(at: AsAt) -> dict[str, Any]:
    """What the questions of a build ask with."""
    return {"known": at.known, "valid": at.valid, "starts": at.starts, "year": str(at.year)}


def select(scope: Scope, part: Part, at: AsAt, form: str, *, every: bool = False) -> Table:
    """The rows of a part, in order; `every`: also those that do not belong, which are then said to be left out."""
    question = _Question(part, form)
    made = Table(part.table, tuple(told.column for told in part.columns), tuple(question.origins))
    places = [place for pair in question.origins.values() for place in pair]
    belongs = f"case when {part.belongs} then '' else 'no' end" if every else "''"
    query = f"""
select {", ".join([*question.cells, belongs, "c.child", "c.subject_id", *places])}
from {question.rows} join b_case c on c.subject_id = f.subject_id join b_person p on p.subject_id = f.subject_id
{" ".join(question.joins)}
{"" if every else f"where {part.belongs}"}
order by {question.order}"""
    official, width = len(part.columns), len(question.cells)
    for number, record in enumerate(copied(scope, query, params(at))):
        left_out, child, subject, *origins = record[width:]
        found = [int(origin) if origin else None for origin in origins]
        made.rows.append(tuple(record[:official]))
        made.subjects.append(int(subject))
        made.children.append(child)
        made.origins.append(tuple(zip(found[::2], found[1::2], strict=True)))
        made.inner.append(tuple(record[official:width]))
        if left_out:
            made.left_out.add(number)
    return made


def current(table: catalogue.Table) -> str:
    """The facts of a table as known at the instant: dated items, and of others the newest not ended by the last day."""
    known = f"from {table.name} k where k.known_from <= %(known)s and %(known)s < k.known_until"
    if table.shape == "dated":
        return f"select k.* {known}"
    key = "".join(f', k."{name}"' for name in table.key)
    return (
        f"select distinct on (k.subject_id{key}) k.* {known} and k.until_date > %(valid)s"
        f" order by k.subject_id{key}, k.from_date desc, k.id desc"
    )


class _Question:
    """The pieces of a part's question. `b0`, `b1`, … are tables of facts joined to the rows `f`."""

    def __init__(self, part: Part, form: str) -> None:
        self.part, self.form = part, form
        facts = {told.of: told.fact for told in part.every if told.fact is not None and not part.single(told)}
        self.facts = list(facts.values())
        # Items by key that two tables tell: a row is there when either of them has the item.
        self.spread = len(self.facts) > 1 and self.facts[0].shape == "many"
        self.beside = self.facts if self.spread else self.facts[1:]

    @cached_property
    def rows(self) -> str:
        """What makes the rows."""
        if not self.facts:
            return "b_case f"
        if not self.spread:
            return f"({current(self.facts[0])}) f"
        keys = ", ".join(["subject_id", *(f'"{name}"' for name in self.facts[0].key)])
        return "(" + " union ".join(f"select {keys} from ({current(fact)}) k" for fact in self.facts) + ") f"

    @cached_property
    def joins(self) -> list[str]:
        """The joins of further fact tables, by the key that items share."""
        made = []
        for number, fact in enumerate(self.beside):
            same = " and ".join(f'b{number}."{name}" is not distinct from f."{name}"' for name in fact.key)
            made.append(f"left join ({current(fact)}) b{number} on b{number}.subject_id = f.subject_id and {same}")
        return made

    def _of(self, told: Told) -> str:
        return f"b{self.beside.index(told.fact)}" if told.fact in self.beside else "f"

    @cached_property
    def cells(self) -> list[str]:
        """The columns, as the collection writes them."""
        made = []
        for told in self.part.every:
            if told.field is None:
                made.append("c.child" if told.kept else "''")
            elif self.part.single(told):
                made.append(person_cell(told)[0])
            else:
                made.append(until_then(self._of(told), told, self.form))
        return made

    @cached_property
    def origins(self) -> dict[str, tuple[str, str]]:
        """For each group of columns: delivery and line."""
        made = {}
        for told in self.part.every:
            if told.field is None:
                continue
            if self.part.single(told):
                _, delivery, line = person_cell(told)
                made[group(told)] = delivery, line
            else:
                of = self._of(told)
                made[group(told)] = f"{of}.delivery_id", f"{of}.line"
        return made

    @cached_property
    def order(self) -> str:
        """By child, then by what tells its rows apart."""
        keys = [f'f."{name}"' for name in self.part.key]
        last = ["f.line", "f.id"] if self.facts and not self.spread else []
        return ", ".join(['c.child collate "C"', *keys, *last])


def copied(scope: Scope, query: str, given: dict[str, Any]) -> list[list[str]]:
    """The rows of a question as texts, a null as blank: by COPY, which is quick and keeps every character."""
    with scope.db.cursor().copy(f"copy ({query}) to stdout (null '')", given) as stream:
        body = b"".join(map(bytes, stream)).decode()
    rows = [line.split("\t") for line in body.split("\n")[:-1]]
    return [[_ESCAPED.sub(_plain, cell) for cell in row] for row in rows] if "\\" in body else rows


_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def _plain(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[1], found[1])
