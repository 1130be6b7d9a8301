"""CSV tables of a return and entities of an extract: known by their columns, physical lines, cells, encodings."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold.formats import ssd, ssda903
from fairhold.formats.ssda903 import writer
from tests.formats.drawn import faults, read


@pytest.mark.parametrize("name", list(ssda903.tables()))
def test_every_table_is_known_by_its_columns_in_any_order_and_case(name: str) -> None:
    columns = ssda903.tables()[name].names
    header = ",".join(column.lower() for column in reversed(columns))
    reading, rows = read(f"{header}\n{',' * (len(columns) - 1)}\n")
    assert (reading.kind, reading.version, reading.missing_columns) == ("ssda903", None, ())
    assert [(row.row, row.element, row.line, row.values) for row in rows] == [(1, name, 2, {})]


@pytest.mark.parametrize("name", list(ssd.entities()))
def test_every_entity_of_an_extract_is_known_by_its_columns_in_any_order_and_case(name: str) -> None:
    columns = ssd.entities()[name].names
    header = ",".join(column.upper() for column in reversed(columns))
    reading, rows = read(f"{header}\nx{',' * (len(columns) - 1)}\n")
    assert (reading.kind, reading.version, reading.missing_columns) == ("ssd", None, ())
    assert [(row.row, row.element, row.line, row.values) for row in rows] == [(1, name, 2, {columns[-1]: "x"})]


def test_an_entity_is_known_by_its_record_and_one_more_column_and_nothing_else_is_taken_for_one() -> None:
    assert read("cine_referral_id,cine_close_date\n")[0].kind == "ssd"
    for header in ("id,person_id", "cine_close_date,cine_close_reason", "version_number,description", "NAME,AGE"):
        assert read(f"{header}\n1,2\n")[0].kind is None, header


def test_the_records_an_entity_names_stand_before_it_and_are_there() -> None:
    seen: set[str] = set()
    facts = {"ssd_initial_cp_conference.icpc_icpc_id", "ssd_cla_placement.clap_cla_placement_id"}  # named, not followed
    for entity in ssd.entities().values():
        for column in entity.columns:
            other, _, name = column.references.partition(".")
            assert not other or name in ssd.entities()[other].names, column
            followed = other and other not in ("ssd_department", "ssd_professionals", entity.name)
            assert not followed or other in seen or column.references in facts or entity.person, column
        seen.add(entity.name)


def test_values_stand_under_the_reference_s_columns_and_nothing_is_judged() -> None:
    reading, rows = read("child, Dob ,sex,duc\n 1 ,45000,X,31/02/2026\n")
    assert rows[0].values == {"CHILD": "1", "DOB": "45000", "SEX": "X", "DUC": "31/02/2026"}
    assert reading.set_aside == []


def test_extra_columns_are_kept_apart_and_missing_ones_named() -> None:
    reading, rows = read("CHILD,SEX,DUC,REMARK\n1,1,,late\n2,2,,\n")
    assert [row.values for row in rows] == [{"CHILD": "1", "SEX": "1"}, {"CHILD": "2", "SEX": "2"}]
    assert [tuple(item) for item in reading.unknown] == [(1, 2, "REMARK", "late")]
    assert reading.missing_columns == ("DOB",)


def test_lines_are_physical_ones_and_records_are_counted() -> None:
    reading, rows = read('CHILD,SEX,DOB,DUC\r\n1,1,"01/01/\r\n2010",\r\n\r\n2,2\r\n3,1,,,\r\n4,1,,\r\n')
    assert [(row.row, row.line) for row in rows] == [(1, 2), (4, 7)]
    assert rows[0].values["DOB"] == "01/01/\r\n2010"
    assert faults(reading) == [(2, 5, None, "cells"), (3, 6, None, "cells")]


def test_a_quote_that_never_closes_breaks_the_file_off_there() -> None:
    reading, rows = read('CHILD,SEX,DOB,DUC\n1,1,,\n2,"1,,\n3,1,,\n')
    assert [row.row for row in rows] == [1]
    assert faults(reading) == [(None, 3, None, "truncated")]


def test_a_quote_inside_a_cell_sets_that_record_aside() -> None:
    reading, rows = read('CHILD,SEX,DOB,DUC\n1,"1"x,,\n2,1,,\n')
    assert [row.row for row in rows] == [2]
    assert faults(reading) == [(1, 2, None, "cells")]


def test_lines_that_a_stray_quote_draws_in_are_read_each_by_itself() -> None:
    reading, rows = read('CHILD,SEX,DOB,DUC\n1,"1,,\n2,1,,\n3,1,"x",\n\n4,"1"y,,\n5,1,,\n')
    assert [(row.row, row.line, row.values["CHILD"]) for row in rows] == [(2, 3, "2"), (3, 4, "3"), (5, 7, "5")]
    assert faults(reading) == [(1, 2, None, "cells"), (4, 6, None, "cells")]


def test_the_rest_of_a_record_of_several_lines_never_passes_for_a_record() -> None:
    reading, rows = read('CHILD,SEX,DOB,DUC\n"1\n2"x,1,,\n3,1,,\n')
    assert [(row.line, row.values["CHILD"]) for row in rows] == [(4, "3")]
    assert faults(reading) == [(1, 2, None, "cells"), (2, 3, None, "cells")]


def test_a_control_character_in_a_cell_is_kept_as_sent() -> None:
    reading, rows = read("CHILD,SEX,DOB,DUC\n1\x0b2,1,,\x01\n")
    assert [row.values for row in rows] == [{"CHILD": "1\x0b2", "SEX": "1", "DUC": "\x01"}]
    assert (reading.set_aside, reading.refused) == ([], None)


ENCODINGS = [
    (b"", "utf-8", "Zoë".encode()),
    (b"\xef\xbb\xbf", "utf-8", "Zoë".encode()),
    (b"", "windows-1252", "Zoë".encode("cp1252")),
    (b"", "windows-1252", "Zoë ANDRÉ’S".encode("cp1252")),
]


@pytest.mark.parametrize(("mark", "encoding", "name"), ENCODINGS)
def test_the_answer_says_which_encoding_was_read(mark: bytes, encoding: str, name: bytes) -> None:
    reading, rows = read(mark + b"CHILD,SEX,DOB,DUC\n" + name + b",1,,\n")
    assert rows[0].values["CHILD"].startswith("Zoë")
    assert reading.header == {"encoding": encoding}


def test_utf16_is_read_when_its_mark_declares_it() -> None:
    reading, rows = read("CHILD,SEX,DOB,DUC\nZoë,1,,\n".encode("utf-16"))
    assert (reading.encoding, rows[0].values["CHILD"]) == ("utf-16", "Zoë")


def test_a_file_cut_in_the_middle_of_a_letter_is_not_read_in_another_encoding() -> None:
    whole = "CHILD,SEX,DOB,DUC\nZoë,1,,\nJosé,1,,é".encode()
    reading, rows = read(whole[:-1])
    assert [row.values["CHILD"] for row in rows] == ["Zoë"]
    assert (reading.encoding, faults(reading)) == ("utf-8", [(None, 3, None, "truncated")])


def test_lines_of_old_systems_and_their_end_mark() -> None:
    _, rows = read("CHILD,SEX,DOB,DUC\r1,1,,\r2,2,,\r\x1a")
    assert [(row.line, row.values) for row in rows] == [
        (2, {"CHILD": "1", "SEX": "1"}),
        (3, {"CHILD": "2", "SEX": "2"}),
    ]


REFUSED = [
    (b"", "not-xml"),
    (b"\xef\xbb\xbf \n", "not-xml"),
    (b"a,b,c\n1,2,3\n", "unknown-kind"),
    (b"CHILD,DOB\n1,\n", "unknown-kind"),
    (b"UPN,Surname\n", "unknown-kind"),
    (b"%PDF-1.7\n\x00\x01", "not-text"),
    (b"PK\x03\x04\x14\x00", "not-text"),
    (b"PK\x03\x04\x14 and no zero byte", "not-text"),
    (b"CHILD,SEX,DOB,DUC\n1\x00,1,,\n", "not-text"),
    (b"\x89PNG\r\n\x1a\n", "not-text"),
    (b"\xef\xbb\xbfCHILD,SEX,DOB,DUC\n\xff,1,,\n", "encoding"),
    (b"CHILD,SEX,DOB,DUC\n\x81,1,,\n", "encoding"),
    ("CHILD,SEX,DOB,DUC\nZoë,1,,\n".encode() + "Zoë,1,,\n".encode("cp1252"), "encoding"),
]


@pytest.mark.parametrize(("data", "kind"), REFUSED)
def test_what_no_reader_knows_is_refused_whole(data: bytes, kind: str) -> None:
    reading, rows = read(data)
    assert reading.refused is not None
    assert (reading.refused.kind, rows, reading.kind) == (kind, [], None)


cells = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=8).map(str.strip)


@settings(deadline=None)
@given(st.lists(st.fixed_dictionaries({name: cells for name in ("CHILD", "MISSING", "MIS_START")}), max_size=5))
def test_what_is_written_is_read_again(rows: list[dict[str, str]]) -> None:
    stream = io.BytesIO()
    assert writer.write(stream, "Missing", rows) == len(rows)
    _, read_again = read(stream.getvalue())
    assert [row.values for row in read_again] == [{k: v for k, v in row.items() if v} for row in rows]


def test_a_value_under_no_column_is_the_writer_s_fault() -> None:
    with pytest.raises(KeyError, match="SHOE"):
        writer.write(io.BytesIO(), "UASC", [{"CHILD": "1", "SHOE": "38"}])
