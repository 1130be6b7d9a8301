"""The two lists of an area SEND inspection: told by their columns, as CSV or workbook, ages as at their day."""

from __future__ import annotations

import csv
import dataclasses
import json
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from fairhold.cli.check import app
from fairhold.formats import annex_a
from fairhold.returns.annex_a_send import RETURN
from fairhold.returns.checking import Checked, check
from fairhold.returns.files import CannotRun
from fairhold.returns.recognising import recognise
from fairhold.rulebook.compiled import load

DAY = date(2026, 11, 23)
TABLES = RETURN.tables()
Row = dict[str, object]
COMPLETE: Row = {
    "Unique ID": "S1",
    "UPN": "A123456789012",
    "Date of birth": date(2015, 3, 8),
    "Gender": "b) Female",
    "Ethnicity": "a) WBRI",
    "SEN primary need": "k) ASD",
    "Main education establishment – URN": 123456,
    "Does the child or young person have a disability?": "b) No",
}


def row(**changed: object) -> Row:
    names = {"id": "Unique ID", "upn": "UPN", "born": "Date of birth", "urn": "Main education establishment – URN"}
    return COMPLETE | {names[key]: value for key, value in changed.items()}


def as_csv(folder: Path, key: str, rows: list[Row]) -> Path:
    file = folder / f"{key}.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, annex_a.lists()[key].names)
        writer.writeheader()
        writer.writerows(
            {k: v.strftime("%d/%m/%Y") if isinstance(v, date) else v for k, v in each.items()} for each in rows
        )
    return file


def as_workbook(sheets: dict[str, list[Row]]) -> bytes:
    """A title stands above the columns, whose names are written as people write them."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, {"default_date_format": "dd/mm/yyyy"})
    for key, rows in sheets.items():
        sheet = book.add_worksheet(f"SEND {key}")
        sheet.write(0, 0, "Made up for a test")
        for column, name in enumerate(annex_a.lists()[key].names):
            sheet.write(2, column, name.replace("– ", "-\n").lower())
            for at, each in enumerate(rows, 3):
                sheet.write(at, column, each.get(name, ""))
    book.add_worksheet("Guidance").write(0, 0, "Fill in every column.")
    book.close()
    return stream.getvalue()


def run(*paths: Path, day: date = DAY) -> Checked:
    return check("annex-a-send", day.year, "", list(paths), previous=[], day=day)


def test_there_are_29_rules() -> None:
    assert len(load(RETURN).year(2026).rules) == 29


@pytest.mark.parametrize("key", annex_a.SEND)
def test_complete_lists_have_no_finding_as_csv_or_workbook(tmp_path: Path, key: str) -> None:
    book = tmp_path / "lists.xlsx"
    book.write_bytes(as_workbook({key: [row()]}))
    for path in (as_csv(tmp_path, key, [row()]), book):
        checked = run(path)
        assert (checked.findings, checked.rows) == ([], {key: 1})
        assert set(checked.outcome.not_run.values()) <= {f"the table List_{n} was not given" for n in (1, 2)}
    assert [(one.file, one.reason) for one in checked.set_aside] == [
        ("lists.xlsx, sheet Guidance", "has the columns of no table of this return")
    ]


def test_a_workbook_and_files_of_text_give_the_same_findings(tmp_path: Path) -> None:
    lists = {"List_1": [row(), row(id="S2"), row(id="S3", upn="", urn="")], "List_2": [row(born=date(2027, 1, 1))]}
    files = [as_csv(tmp_path, key, rows) for key, rows in lists.items()]
    book = tmp_path / "lists.xlsx"
    book.write_bytes(as_workbook(lists))
    found = {(f.rule, f.table, f.line, f.child, f.values) for f in run(*files).findings}
    assert {one[:4] for one in found} == {
        ("109", "List_1", 2, "S1"),
        ("109", "List_1", 3, "S2"),
        ("107", "List_1", 4, "S3"),
        ("108a", "List_1", 4, "S3"),
        ("205a", "List_2", 2, "S1"),
    }
    assert {(f.rule, f.table, f.line - 2, f.child, f.values) for f in run(book).findings} == found


@pytest.mark.parametrize(
    ("day", "rules"),
    [("2026-11-22", []), ("2026-11-23", ["102a"]), ("2027-11-22", ["102a"]), ("2027-11-23", ["102b"])],
)
def test_age_is_counted_on_the_day_of_the_lists(tmp_path: Path, day: str, rules: list[str]) -> None:
    file = as_csv(tmp_path, "List_1", [row(born=date(2001, 11, 23))])
    assert [f.rule for f in run(file, day=date.fromisoformat(day)).findings] == rules


@pytest.mark.parametrize("key", annex_a.SEND)
def test_a_list_is_told_by_its_columns_without_any_one_of_them(key: str) -> None:
    names = annex_a.lists()[key].names
    for left in (None, *names):
        found = recognise([name.upper() for name in names if name != left], TABLES, RETURN.child)
        assert found is not None
        assert found.table.name == key


@pytest.mark.parametrize("code", [rule.code for rule in load(RETURN).rules])
def test_a_rule_whose_sql_breaks_is_not_run_and_never_silent(
    tmp_path: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = load(RETURN)
    broken = tuple(
        dataclasses.replace(rule, sql=f"nonsense(1) and {rule.sql}" if rule.table else f"nonsense {rule.sql}")
        if rule.code == code
        else rule
        for rule in whole.rules
    )
    monkeypatch.setattr("fairhold.returns.checking.load_rules", lambda of: dataclasses.replace(whole, rules=broken))
    checked = run(*(as_csv(tmp_path, key, [row()]) for key in annex_a.SEND))
    assert list(checked.outcome.not_run) == [code]
    assert len(checked.outcome.ran) == 28


def test_a_missing_column_stops_the_rules_that_read_it(tmp_path: Path) -> None:
    file = as_csv(tmp_path, "List_2", [row()])
    file.write_text(file.read_text("utf-8").replace("ULN", "ULN (if known)"), "utf-8")
    checked = run(file)
    assert checked.outcome.not_run["207"] == "List_2 has no column ULN"
    assert checked.extra_columns == {"List_2": ["ULN (if known)"]}


def test_the_command_needs_the_day_and_neither_year_nor_authority(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(as_csv(tmp_path, "List_1", [row(born=date(2000, 11, 23))]))
    with pytest.raises(CannotRun, match="as at a day: write it after --on"):
        app(["annex-a-send", file], standalone_mode=False)
    with pytest.raises(CannotRun, match="23/11/2026 is no date"):
        app(["annex-a-send", file, "--on", "23/11/2026"], standalone_mode=False)
    with pytest.raises(CannotRun, match="leave --on out"):
        app(["ssda903", file, "--on", "2026-11-23", "--la", "E09000031"], standalone_mode=False)
    for more in ([], ["--year", "2026", "--la", "E09000031"], ["--la", "301"]):
        with pytest.raises(SystemExit) as ended:
            app(["annex-a-send", file, "--on", "2026-11-23", "--json", *more], standalone_mode=False)
        assert ended.value.code == 1
        said = json.loads(capsys.readouterr().out)
        assert (said["year"], said["findings"]) == (2026, {"102b": 1})


def test_a_workbook_cut_off_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "cut.xlsx").write_bytes(as_workbook({"List_1": [row()]})[:2000])
    with pytest.raises(CannotRun, match=r"cut\.xlsx cannot be read as an Excel workbook"):
        run(tmp_path)
