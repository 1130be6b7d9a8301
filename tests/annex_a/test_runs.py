"""Runs of the lists over a made-up borough's extract: what is in them, who gets which part of them, and what leaves."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import django
import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from fairhold import access, intake
from fairhold.access import accounts
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.formats import annex_a
from fairhold.returns.annex_a import differing, handing, runs
from fairhold.returns.annex_a.domain import AnnexError, Made
from fairhold.returns.guarded import WITHHELD
from fairhold.synth.domain import Options
from fairhold.synth.write import write_borough
from tests.annex_a.drawn import ON
from tests.conftest import empty_store
from tests.web.browser import chromium, faults, served

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HALF, YEAR = date(2026, 5, 23), date(2025, 11, 23)
REFERENCE = "10293847"
As = Callable[[str, str], AbstractContextManager[access.Scope]]
Row = dict[str, str]


@pytest.fixture(scope="module")
def extract(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with the extract of a made-up borough's case system in it."""
    empty_store()
    folder = tmp_path_factory.mktemp("borough")
    write_borough(Options(300, 1, 0.0, 5, ON, folder))
    for login, role in (("officer", "data-officer"), ("ann", "analyst"), ("bo", "analyst"), ("sal", "social-worker")):
        accounts.add_made_up(name=f"Made-up {login}", login=login, role_slug=role)
    with database.connect("owner") as owner:
        owner.execute(
            "insert into system.source (kind, name, registered_by, registered_at)"
            " values ('case-system', 'Made-up cases', 'test', now())"
        )
    with clock.frozen(NOW):
        done = intake.take_in(_actor("officer"), [folder / "in" / "case-system"])
        assert {one.outcome.value for one in done} == {"stored"}
        yield folder / "in" / "case-system"
    empty_store()


def _actor(login: str) -> access.Actor:
    found = accounts.by_login(login)
    assert found is not None
    return found.actor()


@pytest.fixture
def ann(extract: Path) -> Callable[[], AbstractContextManager[access.Scope]]:
    return lambda: access.scope(_actor("ann"), "statutory-returns")


@pytest.fixture
def bo(extract: Path) -> Callable[[], AbstractContextManager[access.Scope]]:
    return lambda: access.scope(_actor("bo"), "statutory-returns")


@pytest.fixture
def sal(extract: Path) -> Callable[[], AbstractContextManager[access.Scope]]:
    return lambda: access.scope(_actor("sal"), "safeguarding")


Who = Callable[[], AbstractContextManager[access.Scope]]


def build(who: Who, *, day: date = ON, reference: str = "", adopters: tuple[str, bytes] | None = None) -> int:
    with who() as scope:
        return runs.build(scope, day=day, reference=reference, adopters_file=adopters)


def lists(data: bytes) -> dict[str, list[Row]]:
    """The sheets of a workbook as rows by column; dates as Excel's own."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    found = {}
    for name in book.sheet_names:
        head, *rows = book.get_sheet_by_name(name).to_python()
        found[name] = [dict(zip(map(str, head), map(str, row), strict=True)) for row in rows]
    return found


@pytest.fixture(scope="module")
def built(extract: Path) -> dict[str, Made]:
    """The lists of one run, as production sees them."""
    number = build(lambda: access.scope(_actor("ann"), "statutory-returns"))
    with access.scope(_actor("sal"), "safeguarding") as scope:
        handed = handing.draft(scope, run=number)
    assert handed.withheld == 0
    sheets = lists(handed.data)
    return {
        key: Made(key, [tuple(row.values()) for row in sheets[f"List {key} (draft)"]])
        for key in annex_a.lists()
        if f"List {key} (draft)" in sheets
    }


# --- what is in them, beside a plain reading of the extract


def told(folder: Path, entity: str) -> list[Row]:
    with (folder / f"{entity}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def open_since(row: Row, began: str, ended: str, since: date) -> bool:
    first, last = day(row[began]), day(row[ended])
    return first is not None and first <= ON and (last is None or last >= since)


def by_plain_reading(folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Child and first date of each row that lists 1 to 5, 7, 9 and 10 should have, worked out row by row."""

    def items(entity: str, child: str, began: str, keep: Callable[[Row], bool]) -> list[tuple[str, str]]:
        return sorted((row[child], row[began]) for row in told(folder, entity) if keep(row))

    def received(column: str) -> Callable[[Row], bool]:
        return lambda row: HALF <= date.fromisoformat(row[column]) <= ON

    def since(began: str, ended: str) -> Callable[[Row], bool]:
        return lambda row: open_since(row, began, ended, HALF)

    plans = [row for row in told(folder, "ssd_cp_plans") if open_since(row, *_PLAN, HALF)]
    newest = {row["cppl_person_id"]: row[_PLAN[0]] for row in sorted(plans, key=lambda row: row[_PLAN[0]])}
    return {
        "1": items("ssd_contacts", "cont_person_id", "cont_contact_date", received("cont_contact_date")),
        "2": items("ssd_early_help_episodes", "earl_person_id", _EARLY[0], since(*_EARLY)),
        "3": items("ssd_cin_episodes", "cine_person_id", "cine_referral_date", received("cine_referral_date")),
        "4": items("ssd_cin_assessments", "cina_person_id", _ASSESSED[0], since(*_ASSESSED)),
        "5": items("ssd_s47_enquiry", "s47e_person_id", _ENQUIRED[0], since(*_ENQUIRED)),
        "7": sorted(newest.items()),
        "10": items("ssd_permanence", "perm_person_id", "perm_adm_decision_date", _adoption),
    }


_PLAN = ("cppl_cp_plan_start_date", "cppl_cp_plan_end_date")
_EARLY = ("earl_episode_start_date", "earl_episode_end_date")
_ASSESSED = ("cina_assessment_start_date", "cina_assessment_auth_date")
_ENQUIRED = ("s47e_s47_start_date", "s47e_s47_end_date")
_FIRST = {
    "1": "Date of Contact",
    "2": "Assessment start date",
    "3": "Date of referral",
    "4": "Continuous Assessment Start Date",
    "5": "Strategy discussion initiating Section 47 Enquiry Start Date",
    "7": "Child Protection Plan Start Date",
    "10": "Date of Decision that Child Should be Placed for Adoption",
}


def _adoption(row: Row) -> bool:
    decided, ended = day(row["perm_adm_decision_date"]), (day(row[one]) for one in _ADOPTED)
    last = next((one for one in ended if one), None)
    return decided is not None and decided <= ON and (last is None or last > ON or last >= YEAR)


_ADOPTED = ("perm_permanence_order_date", "perm_decision_reversed_date")


@pytest.mark.parametrize("key", _FIRST)
def test_the_lists_hold_what_a_plain_reading_of_the_extract_finds(
    extract: Path, built: dict[str, Made], key: str
) -> None:
    at = built[key].of.names.index(_FIRST[key])
    wanted = by_plain_reading(extract)[key]
    assert wanted
    assert sorted((row[0], row[at][:10]) for row in built[key].rows) == wanted


def test_the_children_in_care_are_those_whose_last_episode_goes_on_or_ended_in_the_six_months(
    extract: Path, built: dict[str, Made]
) -> None:
    short = {
        row["lega_person_id"] for row in told(extract, "ssd_legal_status") if row["lega_legal_status"] in {"V3", "V4"}
    }
    last: dict[str, Row] = {}
    for row in sorted(told(extract, "ssd_cla_episodes"), key=lambda row: row["clae_cla_episode_start_date"]):
        if date.fromisoformat(row["clae_cla_episode_start_date"]) <= ON:
            last[row["clae_person_id"]] = row
    ended = {child: day(row["clae_cla_episode_ceased_date"]) for child, row in last.items()}
    wanted = {child for child, when in ended.items() if when is None or when > ON or when >= HALF}
    found = {row[0] for row in built["8"].rows}
    assert found - short == wanted - short
    assert found
    entitled = {row["clea_person_id"] for row in told(extract, "ssd_care_leavers")}
    assert {row[0] for row in built["9"].rows} <= entitled


def test_everybody_on_lists_7_and_8_who_is_still_there_has_that_case_status(built: dict[str, Made]) -> None:
    status = {row[0]: row[built["6"].of.names.index("Case Status")] for row in built["6"].rows}
    ended = {key: built[key].of.names.index(name) for key, name in _ENDED.items()}
    now = {key: {row[0] for row in built[key].rows if not row[ended[key]]} for key in _ENDED}
    assert {status.get(child) for child in now["8"]} <= {"a) Looked after child", None}
    assert {status.get(child) for child in now["7"] - now["8"]} <= {"b) Child Protection plan", None}
    assert now["8"] & status.keys()


_ENDED = {"7": "Child Protection Plan End Date", "8": "Date Ceased to be Looked After"}


def test_codes_are_only_those_of_the_closed_lists(built: dict[str, Made]) -> None:
    for made in built.values():
        for at, column in enumerate(made.of.columns):
            values = {row[at] for row in made.rows} - {""}
            assert not column.codes or values <= set(column.codes), (made.key, column.name)
            assert column.form != annex_a.COUNT or all(value.replace(".0", "").isdigit() for value in values)


# --- the workbook


def test_the_workbook_is_the_same_bytes_each_time_and_says_nothing_of_who_wrote_it(ann: Who) -> None:
    number = build(ann)
    books = []
    for _ in range(2):
        with ann() as scope:
            books.append(handing.draft(scope, run=number).data)
    assert hashlib.sha256(books[0]).digest() == hashlib.sha256(books[1]).digest()
    with zipfile.ZipFile(io.BytesIO(books[0])) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "<dc:creator></dc:creator>" in texts["docProps/core.xml"]
    assert "2026-11-23T00:00:00Z" in texts["docProps/core.xml"]
    assert 'state="hidden"' not in texts["xl/workbook.xml"]
    assert not [name for name in texts if "comments" in name or "custom" in name]


def test_the_columns_are_ofsteds_in_their_order(ann: Who) -> None:
    with ann() as scope:
        data = handing.draft(scope, run=build_in(scope)).data
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == [*(f"List {number} (draft)" for number in range(1, 11)), "Notes"]
    for number in range(1, 11):
        head = book.get_sheet_by_name(f"List {number} (draft)").to_python()[0]
        assert tuple(head) == annex_a.lists()[str(number)].names


def build_in(scope: access.Scope) -> int:
    return runs.build(scope, day=ON)


# --- who gets what, and what leaves


@pytest.fixture
def guarded(built: dict[str, Made]) -> Iterator[tuple[str, str]]:
    """A child of list 8 who is restricted, and another whose address is protected."""
    restricted, protected = sorted(row[0] for row in built["8"].rows)[:2]
    _guard({restricted: 2, protected: 1})
    yield restricted, protected
    _guard({restricted: 0, protected: 0})


def _guard(guards: dict[str, int]) -> None:
    with database.connect("owner") as owner:
        owner.execute("alter table system.subject no force row level security")
        for child, guard in guards.items():
            owner.execute("update system.subject set guard = %s where key = %s", (guard, child))
        owner.execute("alter table system.subject force row level security")


def test_a_draft_leaves_out_who_its_reader_may_not_see(
    ann: Who, sal: Who, guarded: tuple[str, str], built: dict[str, Made]
) -> None:
    restricted, protected = guarded
    number = build(ann)
    with ann() as scope:
        run, handed = runs.run(scope, number=number), handing.draft(scope, run=number)
    assert run.rows["8"] == len(built["8"].rows)
    sheets = lists(handed.data)
    assert not [row for rows in sheets.values() for row in rows if restricted in row.values()]
    (row,) = [row for row in sheets["List 8 (draft)"] if row["Child Unique ID"] == protected]
    assert row["Placement postcode"] == WITHHELD
    assert handed.withheld == sum(child == restricted for made in built.values() for child in made.children)
    with sal() as scope:
        whole = handing.draft(scope, run=number)
    assert whole.withheld == 0
    (row,) = [row for row in lists(whole.data)["List 8 (draft)"] if row["Child Unique ID"] == protected]
    assert row["Placement postcode"] not in {WITHHELD, ""}


@pytest.mark.proves("N131")
def test_nothing_leaves_for_ofsted_without_the_reference_of_an_inspection_or_direction(ann: Who, bo: Who) -> None:
    number = build(ann)
    with bo() as scope, pytest.raises(AnnexError, match="without the reference of an inspection or a direction"):
        handing.release(scope, run=number)
    for none in ("the inspection", "x", "name: A Child, 1", "a" * 50 + "1"):
        with bo() as scope, pytest.raises(AnnexError, match="no reference of an inspection"):
            handing.release(scope, run=number, reference=none)
    with bo() as scope:
        draft = lists(handing.draft(scope, run=number).data)
    assert all(name.endswith("(draft)") for name in draft if name != "Notes")
    assert "DRAFT, not to be sent to Ofsted" in next(iter(draft["Notes"][0]))
    assert released(number) == []
    with bo() as scope:
        handed = handing.release(scope, run=number, reference=REFERENCE)
    assert list(lists(handed.data)) == [*(f"List {one}" for one in range(1, 11)), "Notes"]
    assert released(number) == [(REFERENCE, _actor("bo").id, hashlib.sha256(handed.data).hexdigest())]
    with database.connect("owner") as owner:
        told = owner.execute(
            "select recipient, basis, reference, children = (select count(*) from system.disclosure_child)"
            " from system.disclosure"
        ).fetchall()
    assert told == [("ofsted", ["LB27"], REFERENCE, True)]


def released(run: int) -> list[tuple[object, ...]]:
    with database.connect("owner") as owner:
        return owner.execute(
            "select reference, made_by, sha256 from system.annex_a_release where run_id = %s", (run,)
        ).fetchall()


def test_nobody_releases_what_they_made_or_what_they_may_not_see_whole(
    ann: Who, bo: Who, sal: Who, guarded: tuple[str, str]
) -> None:
    number = build(ann, reference=REFERENCE)
    with ann() as scope, pytest.raises(AnnexError, match="You made these lists yourself"):
        handing.release(scope, run=number)
    with bo() as scope, pytest.raises(AnnexError, match=r"\(restricted children: 1, protected addresses: 1\)"):
        handing.release(scope, run=number)
    with sal() as scope:
        handed = handing.release(scope, run=number)
    restricted, protected = guarded
    seen = {row["Child Unique ID"]: row for row in lists(handed.data)["List 8"]}
    assert WITHHELD not in seen[protected].values()
    assert restricted in seen


def test_the_lists_are_one_case_systems(ann: Who) -> None:
    with database.connect("owner") as owner:
        owner.execute(
            "insert into system.source (kind, name, registered_by, registered_at)"
            " values ('case-system', 'Another', 'test', now())"
        )
    try:
        with ann() as scope, pytest.raises(AnnexError, match="2 case systems are registered"):
            runs.build(scope, day=ON)
    finally:
        with database.connect("owner") as owner:
            owner.execute("delete from system.source where name = 'Another'")


# --- adopters


def adopters(*rows: dict[str, str], drop: str = "") -> bytes:
    names = [name for name in annex_a.lists()["11"].names if name != drop]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*names, "Remarks"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def test_list_11_comes_from_a_file_told_by_its_columns(ann: Who) -> None:
    data = adopters(
        {
            "Individual adopter identifier": "P2",
            "Gender": "Female",
            "Disability": "Perhaps",
            "No. of children placed": "2",
        },
        {"Individual adopter identifier": "P1", "Gender": "a) Male", "Date enquiry received": "2026-01-05"},
        {"Individual adopter identifier": "P3", "Date of leaving adoption process": "22/11/2025"},
        {"Individual adopter identifier": "P4", "Date of leaving adoption process": "23/11/2025"},
        {"Individual adopter identifier": "P5", "Date of Adoption Order": "01/01/2020"},
        {"Gender": "a) Male"},
        drop="Family identifier",
    )
    number = build(ann, adopters=("adopters.csv", data))
    with ann() as scope:
        run = runs.run(scope, number=number)
        sheet = lists(handing.draft(scope, run=number).data)
    assert run.adopters == (
        "Rows taken in: 3; left out without an identifier: 1, of people who left before the year: 2."
        " Columns not in the list: Remarks."
    )
    assert run.outside["11"] == {"Disability": 1}
    rows = {row["Individual adopter identifier"]: row for row in sheet["List 11 (draft)"]}
    assert list(rows) == ["P1", "P2", "P4"]
    assert (rows["P1"]["Gender"], rows["P1"]["Date enquiry received"][:10]) == ("a) Male", "2026-01-05")
    assert (rows["P2"]["Gender"], rows["P2"]["Disability"]) == ("b) Female", "")


def test_a_file_that_is_no_list_of_adopters_is_said(ann: Who) -> None:
    with ann() as scope, pytest.raises(AnnexError, match=r"wrong\.csv is no list of adopters"):
        runs.build(scope, day=ON, adopters_file=("wrong.csv", b"CHILD,DECOM\n1,01/01/2026\n"))


# --- the difference


def test_the_difference_says_who_entered_who_left_and_which_value_changed() -> None:
    child, contacted = ("C1", "C2", "C3"), ("01/06/2026", "02/06/2026", "03/06/2026")
    before = {"1": _list("1", (child[0], contacted[0], "q) 6"), (child[1], contacted[1], "a) 1A"))}
    after = {"1": _list("1", (child[1], contacted[1], "b) 1B"), (child[2], contacted[2], "q) 6"))}
    balances, changes = differing.compared(before, after)
    assert [(one.what, one.before, one.left, one.entered, one.changed, one.after) for one in balances] == [
        ("children", 2, 1, 1, 1, 2),
        ("1", 2, 1, 1, 1, 2),
    ]
    assert all(one.holds for one in balances)
    assert {(one.what, one.child, one.column, one.before, one.after) for one in changes} == {
        ("left", "C1", "", "", ""),
        ("changed", "C2", "Contact Source", "a) 1A", "b) 1B"),
        ("entered", "C3", "", "", ""),
    }


def _list(key: str, *rows: tuple[str, str, str]) -> Made:
    of = annex_a.lists()[key]
    cells = ("Child Unique ID", "Date of Contact", "Contact Source")
    places = [of.names.index(name) for name in cells]
    made = Made(key, [])
    for row in rows:
        whole = [""] * len(of.names)
        for at, value in zip(places, row, strict=True):
            whole[at] = value
        made.rows.append(tuple(whole))
    return made


def test_two_runs_of_the_store_are_compared(ann: Who, guarded: tuple[str, str]) -> None:
    before, after = build(ann, day=date(2026, 9, 23)), build(ann)
    with ann() as scope:
        found, data = differing.export_difference(scope)
    assert (found.before.id, found.after.id) == (before, after)
    assert all(one.holds for one in found.balances)
    kept = {one.what: one.after for one in found.balances}
    assert kept["8"] == found.after.rows["8"]
    assert not [change for change in found.changes if change.child == guarded[0]]
    assert found.withheld
    assert len(lists(data)["Changes"]) == len(found.changes)
    with ann() as scope, pytest.raises(AnnexError, match="no such run"):
        differing.difference(scope, before=before, after=10**6)


# --- the pages


@pytest.fixture(scope="module")
def web(extract: Path) -> Iterator[Callable[[str, str], Client]]:
    """`web("ann", "statutory-returns")`: she is signed in and works under that purpose."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "fairhold.web.settings"
    django.setup()

    def signed_in(login: str, purpose: str) -> Client:
        client = Client(HTTP_HOST="localhost")
        client.post("/sign-in/made-up/", {"account": _actor(login).id})
        client.post("/purpose/", {"purpose": purpose})
        return client

    with clock.frozen(NOW):
        yield signed_in


def text(answer: Any) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


def test_the_lists_are_made_compared_and_released_on_the_pages(web: Callable[[str, str], Client]) -> None:
    ann, bo = web("ann", "statutory-returns"), web("bo", "statutory-returns")
    assert "such as 2026-11-23" in text(ann.post("/annex-a/", {"on": "soon"}))
    ann.post("/annex-a/", {"on": "2026-10-23"})
    made = ann.post("/annex-a/", {"on": "2026-11-23"})
    run = made.headers["Location"]
    assert "Adoption (children)" in text(ann.get(run))
    draft = ann.get(run.rstrip("/") + ".xlsx")
    assert [name for name in lists(draft.content) if name.endswith("(draft)")]
    assert "Rows before and after" in text(ann.get(f"{run}changes/"))
    assert "Reckoning" in lists(ann.get(f"{run}changes.xlsx").content)
    assert "without the reference" in text(bo.post(run, {"reference": ""}))
    assert "You made these lists yourself" in text(ann.post(run, {"reference": REFERENCE}))
    released = bo.post(run, {"reference": REFERENCE})
    assert released.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert "List 8" in lists(released.content)
    assert bo.get("/annex-a/999999/").status_code == 404


def test_the_pages_are_usable_by_everybody(web: Callable[[str, str], Client]) -> None:
    client = web("ann", "statutory-returns")
    run = client.post("/annex-a/", {"on": "2026-11-23"}).headers["Location"]
    with chromium() as browser, served() as address:
        context = browser.new_context(base_url=address)
        context.add_cookies([{"name": n, "value": m.value, "url": address} for n, m in client.cookies.items()])
        page = context.new_page()
        for where in ("/annex-a/", run, f"{run}changes/"):
            page.goto(where)
            assert page.locator("h1").count() == 1
            assert faults(page) == [], where
