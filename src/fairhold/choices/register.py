"""The council's register of recorded choices: `UPN,SURNAME,FORENAME,DOB,KIND,BY,RECIPIENT,FIELDS,FROM,TO`.

A row is taken only when exactly one child in the store has this UPN, birth date and surname; every other row is handed
back with its line and reason. FIELDS are joined by `;`; an empty RECIPIENT or FIELDS in an objection means all.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from fairhold.access import Scope
from fairhold.choices.actions import record_many
from fairhold.choices.domain import By, ChoiceError, Kind, NewChoice, judge
from fairhold.formats import encoding

COLUMNS = ("UPN", "SURNAME", "FORENAME", "DOB", "KIND", "BY", "RECIPIENT", "FIELDS", "FROM", "TO")

# One person, whatever number of sources tells of them; names compare without case, accents and punctuation.
_CHILDREN = """
select i.value as upn, b.date_of_birth, system.plain(n.surname) as surname,
    coalesce(m.person_id, i.subject_id) as person, min(i.subject_id) as subject
from people.identifier i
join people.birth b on b.subject_id = i.subject_id and b.known_until = 'infinity' and b.until_date = 'infinity'
join people.name n on n.subject_id = i.subject_id and n.known_until = 'infinity' and n.until_date = 'infinity'
left join people.membership m on m.subject_id = i.subject_id
where i.kind = 'upn' and i.known_until = 'infinity' and i.value = any(%s)
group by 1, 2, 3, 4
"""


@dataclass(frozen=True)
class Left:
    """A row that was not taken: its line in the file, the field, and why."""

    line: int
    field: str
    reason: str


@dataclass(frozen=True)
class _Row:
    line: int
    cells: dict[str, str]
    choice: NewChoice


def take_in(scope: Scope, data: bytes) -> tuple[int, list[Left]]:
    """Record the choices of a register file; returns how many are new and the rows that were left, with reasons."""
    scope.allow("choices.record-many")  # before anything is said about the file
    rows, left = _read(data)
    children: dict[tuple[str, date, str], dict[int, int]] = defaultdict(dict)
    for found in scope.rows(_CHILDREN, ([row.cells["UPN"] for row in rows],)):
        children[found["upn"], found["date_of_birth"], found["surname"]][found["person"]] = found["subject"]
    plain = _plain(scope, [row.cells["SURNAME"] for row in rows])
    taken = []
    for row in rows:
        born = _date(row.cells["DOB"], "DOB")
        people = children.get((row.cells["UPN"], born, plain[row.cells["SURNAME"]]), {}) if born else {}
        if len(people) == 1:
            taken.append((next(iter(people.values())), row.choice))
        else:
            many = "More than one child has" if people else "No child in the store has"
            left.append(
                Left(row.line, "UPN", f"{many} this UPN, birth date and surname: record it on the child's page.")
            )
    return (record_many(scope, choices=taken) if taken else 0), sorted(left, key=lambda one: one.line)


def _plain(scope: Scope, names: list[str]) -> dict[str, str]:
    rows = scope.rows("select name, system.plain(name) as plain from unnest(%s::text[]) name", (names,))
    return {row["name"]: row["plain"] for row in rows}


def _read(data: bytes) -> tuple[list[_Row], list[Left]]:
    text, _ = encoding.csv_text(data)
    reader = csv.DictReader(io.StringIO(text, newline=""))
    reader.fieldnames = [name.strip().upper() for name in reader.fieldnames or ()]
    if missing := set(COLUMNS) - set(reader.fieldnames):
        raise ChoiceError(f"This is no register of choices: the columns {', '.join(sorted(missing))} are missing.")
    rows, left = [], []
    for raw in reader:
        cells = {name: (raw.get(name) or "").strip() for name in COLUMNS}
        cells["UPN"] = cells["UPN"].upper()
        try:
            rows.append(_Row(reader.line_num, cells, _choice(cells)))
        except ChoiceError as error:
            left.append(Left(reader.line_num, "", error.sentence))
    return rows, left


def _choice(cells: dict[str, str]) -> NewChoice:
    try:
        kind, by = Kind(cells["KIND"].lower()), By(cells["BY"].lower())
    except ValueError:
        raise ChoiceError(
            "KIND is consent, objection, refusal or evidence, and BY is parent or young_person: correct the row."
        ) from None
    begins = _date(cells["FROM"], "FROM")
    if begins is None:
        raise ChoiceError("FROM is empty: a choice has a day on which it begins.")
    choice = NewChoice(
        kind=kind,
        by=by,
        recipient=cells["RECIPIENT"] or None,
        fields=tuple(filter(None, cells["FIELDS"].split(";"))) or None,
        from_date=begins,
        to_date=_date(cells["TO"], "TO"),
        wording="as recorded in the council's register",
    )
    judge(choice)
    return choice


def _date(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ChoiceError(f"{field} is no date: write it as 2026-11-23.") from None
