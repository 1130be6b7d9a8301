"""What differs between two sets of tables: drawn by hand, and under generated sets (all children made up)."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.returns import MODULES, declared
from fairhold.returns.workspace.comparing import CHANGED, CHILDREN, ENTERED, LEFT, Balance, Change, Compared, compare
from fairhold.returns.workspace.identity import Identity, identities

EPISODES = identities("ssda903")["Episodes"]
COLUMNS = ("CHILD", "DECOM", "RNE", "DEC")
Row = tuple[str, ...]


def table(rows: list[Row], columns: tuple[str, ...] = COLUMNS) -> pa.Table:
    cells = {name: pa.array([row[at] for row in rows], pa.string()) for at, name in enumerate(columns)}
    return pa.table({"row": range(1, len(rows) + 1), "line": range(2, len(rows) + 2), **cells})


def compared(before: list[Row], after: list[Row], identity: Identity = EPISODES) -> Compared:
    return compare({"Episodes": table(before)}, {"Episodes": table(after)}, {"Episodes": identity})


def test_who_entered_who_left_and_which_value_changed() -> None:
    found = compared(
        [("1", "01/04/2025", "S", ""), ("2", "01/05/2025", "S", ""), ("3", "01/06/2025", "S", "")],
        [("1", "01/04/2025", "S", "30/09/2026"), ("3", "01/06/2025", "S", ""), ("4", "01/07/2026", "S", "")],
    )
    assert found.changes == [
        Change(CHANGED, "Episodes", "1", "DEC", "", "30/09/2026", 2, 2),
        Change(LEFT, "Episodes", "2", "", "", "", 3, None),
        Change(ENTERED, "Episodes", "4", "", "", "", None, 4),
    ]
    assert found.balances == [
        Balance(CHILDREN, before=3, left=1, entered=1, changed=1, same=1, after=3),
        Balance("Episodes", before=3, left=1, entered=1, changed=1, same=1, after=3),
    ]


def test_a_corrected_beginning_is_a_change_where_the_child_has_one_row_left() -> None:
    found = compared(
        [("1", "01/04/2025", "S", "01/06/2025"), ("1", "01/06/2025", "L", "")],
        [("1", "02/04/2025", "S", "01/06/2025"), ("1", "01/06/2025", "L", "")],
    )
    assert found.changes == [Change(CHANGED, "Episodes", "1", "DECOM", "01/04/2025", "02/04/2025", 2, 2)]


def test_order_letter_case_and_blanks_around_do_not_count() -> None:
    found = compared(
        [("1", "01/04/2025", "S", ""), ("2", "a", "s", "")], [(" 2", "A ", "S", " "), ("1", "01/04/2025", "S", "")]
    )
    assert found.changes == []


def test_a_row_sent_twice_and_then_once_has_left_once() -> None:
    twice = [("1", "01/04/2025", "S", "")] * 2
    assert [change.what for change in compared(twice, twice[:1]).changes] == [LEFT]


def test_counters_that_a_file_gives_out_anew_are_no_change() -> None:
    plans = identities("cin")["ChildProtectionPlans"]
    columns = ("LAchildID", "CPPID", "CPPstartDate")
    before, after = [("1", "1", "2025-01-01"), ("1", "2", "2026-01-01")], [("1", "1", "2026-01-01")]
    found = compare({"P": table(before, columns)}, {"P": table(after, columns)}, {"P": plans})
    assert [(change.what, change.line_before) for change in found.changes] == [(LEFT, 2)]


def test_columns_and_tables_that_one_set_has_alone_are_said() -> None:
    wide = table([("1", "01/04/2025", "S", "", "x")], (*COLUMNS, "NEW"))
    found = compare({"Episodes": table([("1", "01/04/2025", "S", "")])}, {"Episodes": wide}, {"Episodes": EPISODES})
    assert (found.changes, found.uneven) == ([], {"Episodes": ["NEW"]})
    gone = compare({"Episodes": wide}, {}, {"Episodes": EPISODES})
    assert [(change.what, change.child) for change in gone.changes] == [(LEFT, "1")]


@pytest.mark.parametrize("name", MODULES)
def test_each_table_of_a_return_says_by_what_its_rows_are_told(name: str) -> None:
    tables = {table.name: {column.name for column in table.columns} for table in declared(name).tables()}
    assert set(identities(name)) == set(tables)
    for table, identity in identities(name).items():
        assert set(identity.columns) | identity.counters <= tables[table], table
        assert not set(identity.columns) & identity.counters, table


rows = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2", "3"]),
        st.sampled_from(["", "d1", "d2"]),
        st.sampled_from("SL"),
        st.sampled_from(["", "e"]),
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(rows, rows)
def test_the_changes_sum_to_the_total(before: list[Row], after: list[Row]) -> None:
    found = compared(before, after)
    of = {balance.what: balance for balance in found.balances}
    children = of[CHILDREN]
    assert all(balance.holds for balance in found.balances)
    assert children.before == len({row[0] for row in before} - {""})
    assert children.after == len({row[0] for row in after} - {""})
    assert children.entered == len({row[0] for row in after} - {row[0] for row in before} - {""})
    if before or after:
        rows_ = of["Episodes"]
        said = Counter(change.what for change in found.changes if change.what != CHANGED)
        changed = {(change.line_before, change.line_after) for change in found.changes if change.what == CHANGED}
        assert (rows_.before, rows_.after) == (len(before), len(after))
        assert (rows_.left, rows_.entered, rows_.changed) == (said[LEFT], said[ENTERED], len(changed))
        assert rows_.same == sum((Counter(before) & Counter(after)).values())
    assert compared(after, before).balances[0] == Balance(
        CHILDREN, children.after, children.entered, children.left, children.changed, children.same, children.before
    )
