"""Facts of made-up children become rows of Ofsted's lists: which rows, which values, and the first and last days.

What becomes of which facts is drawn in `lists.md`.
"""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import pytest

from fairhold.engine.columns import duck
from fairhold.formats import annex_a
from fairhold.returns.annex_a import gathering, making, notes
from fairhold.returns.annex_a.making import FACTS, fact_tables, months_back
from fairhold.rulebook.domain import DrawnRow
from tests.annex_a.drawn import ON, lists, made
from tests.returns.reference_made import onspd

PAGE = Path(__file__).with_name("lists.md").read_text("utf-8")
LISTS = dict(part.split("\n", 1) for part in PAGE.split("\n## ")[1:])


@pytest.mark.parametrize("name", LISTS)
def test_facts_become_the_rows_that_are_drawn(name: str) -> None:
    found, wanted = made(LISTS[name], name.partition(" ")[0])
    assert found == wanted


# Case status: what holds on the day, and what the child then is. The first that holds counts.
STATUS = ("a) Looked after child", "b) Child Protection plan", "c) Child in need plan", "d) Open assessment")


@pytest.mark.parametrize("holds", list(product((True, False), repeat=5)))
def test_case_status_is_the_first_that_holds(holds: tuple[bool, ...]) -> None:
    in_care, protected, planned, assessed, closed = holds
    rows = [
        DrawnRow("people.birth", {"child": "A", "date_of_birth": "2015-01-01"}, ()),
        DrawnRow(
            "need_episode",
            {"child": "A", "referral_date": "2026-01-01"} | ({"closure_date": "2026-11-01"} if closed else {}),
            (),
        ),
        DrawnRow("episode", _item("started", "ended", on_the_day=in_care) | {"rne": "S", "end_reason": "E8"}, ()),
        DrawnRow("protection_plan", _item("start_date", "end_date", on_the_day=protected), ()),
        DrawnRow("cin_plan", _item("start_date", "end_date", on_the_day=planned), ()),
        DrawnRow("assessment", _item("start_date", "authorised_date", on_the_day=assessed), ()),
    ]
    held = [status for status, holds_too in zip(STATUS, holds, strict=False) if holds_too]
    status = held[0] if held else "e) Closed episode" if closed else ""
    list_6 = lists(rows)["6"]
    (row,) = list_6.rows
    assert row[list_6.of.names.index("Case Status")] == status
    assert ("Case Status" in list_6.blank_though_required()) == (status == "")


def _item(began: str, ended: str, *, on_the_day: bool) -> dict[str, str]:
    """Something that began in the spring, and ended on the day of the inspection if it does not hold on it."""
    return {"child": "A", began: "2026-03-01"} | ({} if on_the_day else {ended: ON.isoformat()})


@pytest.mark.parametrize(
    ("born", "status"), [("2008-11-24", "a) Looked after child"), ("2008-11-23", "c) Child in need plan")]
)
def test_nobody_of_18_is_a_looked_after_child(born: str, status: str) -> None:
    rows = [
        DrawnRow("people.birth", {"child": "A", "date_of_birth": born}, ()),
        DrawnRow("need_episode", {"child": "A", "referral_date": "2026-01-01"}, ()),
        DrawnRow("episode", {"child": "A", "started": "2026-01-01", "rne": "S"}, ()),
        DrawnRow("cin_plan", {"child": "A", "start_date": "2026-01-01"}, ()),
    ]
    list_6 = lists(rows)["6"]
    assert [row[list_6.of.names.index("Case Status")] for row in list_6.rows] == [status]


def test_a_code_that_is_in_no_list_is_left_blank_and_counted() -> None:
    rows = [DrawnRow("contact", {"child": "A", "contact_date": "2026-06-01", "source": "99"}, ())]
    list_1 = lists(rows)["1"]
    assert list_1.outside == {"Contact Source": 1}
    said = [note.text for note in notes.told({"1": list_1}, places=True) if note.standing == notes.COUNTED]
    assert said == [
        "1 row is blank: the record's value is none of the column's codes.",
        "1 row is blank although the list asks for a value.",
    ]


@pytest.mark.parametrize(
    ("day", "months", "back"),
    [
        (date(2026, 11, 23), 6, date(2026, 5, 23)),
        (date(2026, 8, 31), 6, date(2026, 2, 28)),
        (date(2028, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 1), 12, date(2025, 1, 1)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(day: date, months: int, back: date) -> None:
    assert months_back(day, months) == back
    rows = [DrawnRow("contact", {"child": "A", "contact_date": back.isoformat()}, ())]
    assert len(lists(rows, day)["1"].rows) == (months <= 6)


@pytest.mark.parametrize(
    ("ours", "inside"), [("E09000031", {"a": True, "b": False, "c": False}), ("", {"a": None, "b": None, "c": None})]
)
def test_placements_are_told_where_they_lie_by_the_postcode_directory(
    tmp_path: Path, ours: str, inside: dict[str, bool | None]
) -> None:
    con = duck()
    making.lay_out(con)
    con.execute(
        "insert into social_care.care_address (subject_id, placement_postcode) values (1, 'AA1 1AA'), (2, null)"
    )
    con.execute("insert into social_care.placement_address (subject_id, postcode) values (1, 'qq11qq'), (1, 'QQ3 3QQ')")
    con.execute("insert into social_care.placement_address (subject_id, postcode) values (1, 'XX1 1XX')")
    assert gathering.place(con, ours, [onspd(tmp_path)])
    found = con.execute("select postcode, authority, inside from place order by postcode").fetchall()
    con.close()
    names = dict(zip(("a", "b", "c"), ("AA1 1AA", "qq11qq", "QQ3 3QQ"), strict=True))
    assert {code: lies for code, _, lies in found} == {names[one]: lies for one, lies in inside.items()}
    assert {code: authority for code, authority, _ in found} == {
        "AA1 1AA": "Waltham Forest",
        "qq11qq": "Essex",
        "QQ3 3QQ": "Scotland",
    }


def test_every_column_is_made_or_said_to_be_not_held() -> None:
    con_lists = lists([])
    for key, one in con_lists.items():
        assert one.rows == []
        named = {note.column for note in notes.standing() if note.list == key}
        assert named <= {"", *annex_a.lists()[key].names}
    unheld = {(note.list, note.column) for note in notes.standing() if note.standing == notes.NOT_HELD}
    assert unheld == {("10", "Family identifier")}


def test_every_fact_table_named_is_in_the_catalogue() -> None:
    assert set(fact_tables()) == set(FACTS)
