"""The rules in SQL against the rules in Python, on generated people."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairhold import access
from fairhold.retention import Facts, due
from fairhold.retention.domain import answer
from fairhold.retention.judging import judged
from fairhold.retention.rules import periods
from tests.retention.test_rules import people

DAY = date(2026, 11, 24)
TYPES = {
    "klass": "text",
    "born": "date",
    "died": "date",
    "looked_after": "boolean",
    "sen": "boolean",
    "ehcp": "boolean",
    "protection": "boolean",
    "adopted": "boolean",
    "adopted_on": "date",
    "award": "date",
    "last_contact": "date",
}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(people, min_size=1, max_size=40))
def test_sql_and_python_give_the_same_day_and_rule(
    cluster: Path, scope_for: Callable[[str, str], AbstractContextManager[access.Scope]], found: list[Facts]
) -> None:
    columns = ", ".join(f"%({name})s::{kind}[]" for name, kind in TYPES.items())
    facts = f"""select person, {", ".join(TYPES)}, '{{}}'::text[] as holds
        from unnest({columns}) with ordinality as f ({", ".join(TYPES)}, person)"""
    arrays = {name: [getattr(each, name) for each in found] for name in TYPES}
    with scope_for("ig-officer", "retention") as scope:
        rows = scope.rows(judged(facts), arrays)
    assert len(rows) == len(found)
    for row in rows:
        each = found[row["person"] - 1]
        applied = [periods()[number] for number in row["applied"]]
        assert answer(periods()[row["chosen"]], applied, row["due"], each.holds, DAY) == due(each, DAY)
