"""When two spellings are the same value: blanks around it, letter case, the form of a date, the word for yes or no."""

from __future__ import annotations

from collections.abc import Iterable

from fairhold.returns.building.selecting import Part
from fairhold.rulebook.domain import DATE, Table

# {0} is the text as it was sent. Each gives the text that all spellings of one value share.
_PLAIN = "upper(trim(coalesce({0}, '')))"
_DAY = """case
    when regexp_full_match(trim({0}), '[0-9]{{1,2}}/[0-9]{{1,2}}/[0-9]{{4}}( 00:00(:00)?)?')
        then coalesce(strftime(try_strptime(split_part(trim({0}), ' ', 1), '%d/%m/%Y'), '%Y-%m-%d'), trim({0}))
    when regexp_full_match(trim({0}), '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}([T ]00:00(:00)?)?') then left(trim({0}), 10)
    else upper(trim(coalesce({0}, ''))) end"""
_YES_NO = """case when upper(trim({0})) in ('TRUE', 'YES', 'Y', '1') then '1'
    when upper(trim({0})) in ('FALSE', 'NO', 'N', '0') then '0' else upper(trim(coalesce({0}, ''))) end"""
_NUMBER = """case when regexp_full_match(trim({0}), '[+-]?[0-9]{{1,9}}') then trim({0})::int::varchar
    else upper(trim(coalesce({0}, ''))) end"""
_FORMS = {"boolean": _YES_NO, "integer": _NUMBER}


def plain(table: Table, part: Part | None, columns: Iterable[str]) -> dict[str, str]:
    """For each column of a table: the SQL that makes one text of all its spellings."""
    types = {told.column: told.field.type for told in part.columns if told.field} if part else {}
    found = {}
    for name in columns:
        declared = table.column(name)
        form = _DAY if declared is not None and declared.type == DATE else _FORMS.get(types.get(name, ""), _PLAIN)
        found[name] = form.format('"' + name.replace('"', '""') + '"')
    return found
