"""The files say what the key says they say: every row has its child, and only planted values are untrue."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from fairhold.formats.identifiers import Upn, upn
from fairhold.formats.opening import open_file

Key = Callable[[Path, str], list[dict[str, str]]]
Rows = dict[tuple[str, int], dict[str, str]]


def sent(folder: Path) -> Rows:
    """Every row of every file as the project's own readers give it."""
    found: Rows = {}
    for path in sorted((folder / "in").rglob("*")):
        if (
            path.is_file() and path.parent.name != "case-system"
        ):  # an extract is judged by intake, which knows its links
            reading = open_file(path)
            name = str(path.relative_to(folder))
            found |= {(name, row.row): row.values for row in reading}
            found |= {(name, s.row): s.values for s in reading.set_aside if s.row and s.path is None and s.values}
    return found


@pytest.fixture(scope="module")
def rows(faulty: Path) -> Rows:
    return sent(faulty)


def test_a_clean_file_is_read_without_anything_set_aside(clean: Path) -> None:
    kinds = defaultdict(int)
    for path in sorted((clean / "in").rglob("*")):
        if path.is_file() and path.parent.name != "case-system":
            reading = open_file(path)
            assert reading.refused is None, path.name
            kinds[reading.kind] += sum(1 for _ in reading)
            assert reading.set_aside == [], path.name
            assert reading.unknown == [], path.name
    assert kinds["ctf"] > 1200
    assert kinds["ssda903"] > 150


def test_every_row_of_every_file_has_its_child(faulty: Path, rows: Rows, key: Key) -> None:
    known = {(row["file"], int(row["row"])): row for row in key(faulty, "rows")}
    everyone = {row["child"] for row in key(faulty, "children")}
    assert set(rows) - set(known) == set()
    assert all(row["child"] in everyone for row in known.values())
    missing = {name for name in known if name[0].startswith(("in/s", "in/children")) and name not in rows}
    told = {(f["file"], int(f["row"])) for f in key(faulty, "faults") if f["row"]}
    lost = {name for name, row in known.items() if row["state"] == "lost with the file"}
    assert missing <= told | lost


def test_registers_are_in_the_key_row_by_row(faulty: Path, key: Key) -> None:
    for name in ("protection", "consents"):
        with (faulty / "registers" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            lines = list(csv.DictReader(stream))
        known = [row for row in key(faulty, "rows") if row["file"] == f"registers/{name}.csv"]
        assert len(known) == len(lines) > 0


SAME = [("Surname", "surname"), ("Forename", "forename"), ("DOB", "born"), ("Sex", "sex"), ("UPN", "upn")]
SAME += [
    ("Address/PostCode", "postcode"),
    ("BasicDetails/Ethnicity", "ethnicity"),
    ("BasicDetails/MiddleNames", "middle"),
]
SAME += [("Address/BS7666Address/Street", "street"), ("BasicDetails/Languages/Type/Language", "language")]


@pytest.mark.parametrize(("path", "column"), SAME)
def test_only_planted_values_are_untrue(faulty: Path, rows: Rows, key: Key, path: str, column: str) -> None:
    children = {row["child"]: row for row in key(faulty, "children")}
    planted = {(f["file"], int(f["row"])) for f in key(faulty, "faults") if f["row"]}
    moving = {(c["child"], c["school"]) for c in key(faulty, "changes") if c["kind"] == "address"}
    adopted = {c["child"] for c in children.values() if "adopted" in c["traits"]}
    compared = 0
    for row in key(faulty, "rows"):
        name = (row["file"], int(row["row"]))
        if row["table"] != "Pupil" or name not in rows or name in planted or row["child"] in adopted:
            continue
        if (row["child"], row["source"]) in moving and path.startswith("Address"):
            continue
        values = rows[name]
        assert values.get(path, values.get(path.replace("Type/", "Type[1]/"), "")) == children[row["child"]][column], (
            name
        )
        compared += 1
    assert compared > 800


def test_every_number_written_checks_itself(faulty: Path, rows: Rows, key: Key) -> None:
    broken = {(r["file"], int(r["row"])) for r in key(faulty, "rows") if r["state"]}
    temporary = {(f["file"], int(f["row"])) for f in key(faulty, "faults") if f["kind"] == "upn_temporary"}
    seen = 0
    for name, values in rows.items():
        number = values.get("UPN", "")
        if name in broken or not number or number.startswith("UN"):
            continue
        assert upn(number) is (Upn.TEMPORARY if name in temporary else Upn.GOOD)
        seen += 1
    assert seen > 1200


def written(row: dict[str, str], field: str) -> set[str]:
    """The values of a field; the census has its own names and writes dates the other way round."""
    if "pers_person_id" in row:
        born = row.get("pers_dob", "") or row.get("pers_expected_dob", "")
        found = {"/".join(reversed(born.split("-"))) if born else "", row.get(field, ""), row.get("pers_sex", "")}
        return found | {row.get("pers_upn", ""), row.get("pers_upn_unknown", "")}
    if "ChildIdentifiers/LAchildID" not in row:
        return {row.get(field, "")}
    if field == "DOB":
        born = row.get("ChildIdentifiers/PersonBirthDate", row.get("ChildIdentifiers/ExpectedPersonBirthDate", ""))
        return {"/".join(reversed(born.split("-"))) if born else ""}
    names = {"SEX": {"Sex"}, "UPN": {"UPN", "UPNunknown"}}.get(field, {field})
    found = {value for path, value in row.items() if path.rpartition("/")[2].partition("[")[0] in names}
    return found | {"", ";".join(value for path, value in row.items() if "/Disability" in path)}


def test_planted_values_stand_where_the_key_says(faulty: Path, rows: Rows, key: Key) -> None:
    seen = 0
    for fault in key(faulty, "faults"):
        name = (fault["file"], int(fault["row"] or 0))
        field = fault["field"].rpartition(".")[2] if fault["kind"] == "rule_fault_903" else fault["field"]
        if name in rows and field not in {"", "Address", "Pupil", "row", "LeavingDate", "EnrolStatus"}:
            assert fault["written"] in written(rows[name], field), fault["kind"]
            seen += 1
    assert seen > 150


def test_links_join_only_records_of_one_child(faulty: Path, key: Key) -> None:
    records = {(r["source"], r["record"]): r for r in key(faulty, "records")}
    verdicts = set()
    for link in key(faulty, "links"):
        one = records[link["source"], link["record"]]
        other = records[link["other_source"], link["other_record"]]
        assert one["child"] == other["child"] == link["child"]
        assert (one["identity"] == other["identity"]) is (link["verdict"] == "same")
        verdicts.add((link["verdict"], link["automatic"]))
    assert {("same", "yes"), ("never", "no")} <= verdicts


def test_a_protected_address_stands_in_files_of_schools_and_case_system_and_the_key_alone(
    faulty: Path, key: Key
) -> None:
    protected = [row for row in key(faulty, "traits") if row["trait"] == "protected_address"]
    assert len(protected) == round(0.003 * 1200)
    for row in protected:
        street = row["address"].split(" ", 1)[1].encode()
        holders = {
            str(p.relative_to(faulty)).split("/")[1] for p in (faulty / "in").rglob("*.*") if street in p.read_bytes()
        }
        assert holders in ({"schools"}, {"schools", "case-system"})
        assert not any(street in p.read_bytes() for p in (faulty / "registers").iterdir())


def test_every_file_says_that_it_is_made_up(faulty: Path) -> None:
    for path in (faulty / "in" / "schools").rglob("*.xml"):
        data = path.read_bytes()
        assert not data or b"<SupplierID>Fairhold synthetic borough</SupplierID>" in data
        assert not data or b"no child in this file exists" in data
    assert "made up" in (faulty / "MADE-UP.txt").read_text("utf-8")


def test_file_names_follow_the_rule(faulty: Path, key: Key) -> None:
    schools = {row["source"] for row in key(faulty, "files") if row["kind"] == "ctf"}
    for path in (faulty / "in" / "schools").rglob("*.xml"):
        match = re.fullmatch(r"(320\d{4})_CTF_320LLLL_(\d{3})\.xml", path.name)
        assert match is not None
        assert match[1] == path.parent.name
        assert match[1] in schools
