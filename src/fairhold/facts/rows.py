"""How one CSV record becomes facts: column by column, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fairhold.facts.convert import listed
from fairhold.facts.mapping import Column, Sheet
from fairhold.facts.recipes import Filled

# The facts that records of one extract became: by the column others name them by, and its value, field to cell.
# Only columns that stand here already are kept.
Links = dict[str, dict[str, dict[str, str | None]]]


class Row:
    """One record as it becomes one fact table's facts; `unlinked` are columns whose record did not come with it."""

    def __init__(self, sheet: Sheet, links: Links, year: str | None) -> None:
        self.unlinked: list[str] = []
        self._sheet, self._links = sheet, links
        self._cells: list[str | None] = [None] * len(sheet.table.fields)
        self._raw: dict[str, str] = {}
        self._said = sheet.presence
        self._several: tuple[int, tuple[str, ...]] | None = None
        if sheet.year is not None:
            self._cells[sheet.year] = year

    def facts(self, chosen: tuple[Column, ...], values: Mapping[str, str]) -> Iterator[Filled]:
        """None when the table's columns are all blank, several for a list."""
        for column in chosen:
            if text := values.get(column.name):
                self._said = True
                self._take(column, text)
        if not self._said:
            return
        raw = self._raw or None
        if self._several is None:
            yield Filled(self._sheet, self._cells, raw)
            return
        at, texts = self._several
        for text in texts:
            yield Filled(self._sheet, [*self._cells[:at], text, *self._cells[at + 1 :]], raw)

    def _take(self, column: Column, text: str) -> None:
        if column.follow is not None:
            self._cells[column.field] = self._followed(column, column.follow, text)
            return
        if column.many:
            found = listed(text)
            if found is not None:
                self._several = (column.field, found)
                return
        cell = None if column.many else self._cell(column, text)
        self._cells[column.field] = cell
        if cell is None:
            self._raw[self._sheet.table.fields[column.field].name] = text
        if column.constant:
            self._cells[0] = column.constant

    def _cell(self, column: Column, text: str) -> str | None:
        if column.convert is not None:
            return column.convert(text)
        return text.upper() if self._sheet.upper else text

    def _followed(self, column: Column, field: str, text: str) -> str | None:
        found = self._links.get(column.leads_to, {}).get(text)
        if found is not None:
            return found.get(field)
        if column.name not in self.unlinked:
            self.unlinked.append(column.name)
        return None
