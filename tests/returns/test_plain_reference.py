"""Three rules written again in plain Python, slow and obviously right, over episodes that hypothesis makes up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.returns.checking import Checked
from fairhold.returns.columns import check_columns

START, END = date(2026, 4, 1), date(2027, 3, 31)
Row = dict[str, Any]

days = st.integers(0, 30).map(lambda n: START + timedelta(days=n))
episode = st.fixed_dictionaries(
    {
        "CHILD": st.sampled_from(["a", "b", None]),
        "DECOM": st.none() | days,
        "DEC": st.none() | days,
        "RNE": st.sampled_from(["S", "L", "P", None]),
        "REC": st.sampled_from(["X1", "E4A", None]),
        "LS": st.sampled_from(["L1", "C2", "V4", None]),
        "PLACE": st.sampled_from(["U6", "K2", None]),
        "PL_POST": st.sampled_from(["AA1 1AA", None]),
        "URN": st.sampled_from(["SC1", None]),
        "PLACE_PROVIDER": st.none(),
    }
)
absence = st.fixed_dictionaries({"CHILD": st.sampled_from(["a", "b", "c", None]), "MIS_START": st.none() | days})
Faults = set[frozenset[int]]


def found(checked: Checked, code: str) -> Faults:
    return {frozenset(row for _, row in fault.rows) for fault in checked.outcome.faults if fault.code == code}


def of_each_child(episodes: list[Row]) -> Iterator[list[tuple[int, Row]]]:
    """Each child's episodes with their row numbers, by start date, those without one last."""
    for child in sorted({row["CHILD"] for row in episodes if row["CHILD"]}):
        mine = [(n, row) for n, row in enumerate(episodes, start=1) if row["CHILD"] == child]
        yield sorted(mine, key=lambda numbered: (numbered[1]["DECOM"] or date.max, numbered[0]))


def rule_434(episodes: list[Row]) -> Faults:
    """Reason L, but the legal status is the same or something else changed."""
    faults = set()
    for mine in of_each_child(episodes):
        for (_, before), (n, row) in pairwise(mine):
            others = ("PLACE", "PL_POST", "URN", "PLACE_PROVIDER")
            if row["RNE"] == "L" and (row["LS"] == before["LS"] or any(row[k] != before[k] for k in others)):
                faults.add(frozenset({n}))
    return faults


def rule_361(episodes: list[Row]) -> Faults:
    """Runs of police protection longer than three days."""
    faults = set()
    for mine in of_each_child(episodes):
        runs: list[list[tuple[int, date, date]]] = []
        for n, row in mine:
            if row["LS"] != "L1" or row["DECOM"] is None:
                continue
            ends = row["DEC"] or END
            if runs and runs[-1][-1][2] == row["DECOM"]:
                runs[-1].append((n, row["DECOM"], ends))
            else:
                runs.append([(n, row["DECOM"], ends)])
        for run in runs:
            if (max(ends for _, _, ends in run) - run[0][1]).days > 3:
                faults.add(frozenset(n for n, _, _ in run))
    return faults


def periods(mine: list[tuple[int, Row]]) -> list[tuple[date, date | None]]:
    """Periods of care: a new one begins where an episode starts later than the one before it ended."""
    care: list[tuple[date, date | None]] = []
    for _, row in mine:
        if row["DECOM"] is None:
            continue
        if care and not (care[-1][1] is not None and row["DECOM"] > care[-1][1]):
            care[-1] = care[-1][0], row["DEC"]
        else:
            care.append((row["DECOM"], row["DEC"]))
    return care


def rule_578(episodes: list[Row], absences: list[Row]) -> Faults:
    """Missing from a day that lies in none of the child's periods of care."""
    care = {mine[0][1]["CHILD"]: periods(mine) for mine in of_each_child(episodes)}
    faults = set()
    for n, row in enumerate(absences, start=1):
        mine, day = care.get(row["CHILD"], []), row["MIS_START"]
        if mine and day and all(day < starts or (ends is not None and day > ends) for starts, ends in mine):
            faults.add(frozenset({n}))
    return faults


def table(rows: list[Row], names: list[str]) -> pa.Table:
    return pa.table(
        {name: pa.array([row[name] for row in rows], pa.date32() if name in DATES else None) for name in names}
    )


DATES = {"DECOM", "DEC", "MIS_START"}
COLUMNS = ["CHILD", "DECOM", "RNE", "LS", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "PL_POST", "URN"]


@settings(max_examples=120, deadline=None)
@given(st.lists(episode, max_size=9), st.lists(absence, max_size=4))
def test_rules_and_their_plain_reference_agree(episodes: list[Row], absences: list[Row]) -> None:
    tables = {"Episodes": table(episodes, COLUMNS), "Missing": table(absences, ["CHILD", "MIS_START"])}
    checked = check_columns("ssda903", 2027, "E09000031", tables)
    assert found(checked, "434") == rule_434(episodes)
    assert found(checked, "361") == rule_361(episodes)
    assert found(checked, "578") == rule_578(episodes, absences)
