"""What is written is read again, value for value, for every declared XML format."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairhold import formats
from fairhold.formats.ctf import ATF, CTF, file_name, writer
from fairhold.formats.declare import XmlFormat
from fairhold.formats.judge import MANDATORY
from fairhold.formats.kinds import FORMATS
from fairhold.formats.xmlwrite import write_xml
from tests.formats.drawn import UPN_A

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"), max_size=9
)
words = st.one_of(words, st.sampled_from(["a & b", "<x>", "]]>", "&amp;", "O'Neill", "a\rb", 'say "hi"'])).map(
    str.strip
)


def paths_of(form: XmlFormat, base: str) -> list[str]:
    """Paths that hold text, some with a second one of each element that repeats."""
    below = form.below(base)
    found = [path for path, element in below.items() if not element.is_container]
    for path in list(found):
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            if below["/".join(parts[:depth])].repeats:
                found.append("/".join([*parts[: depth - 1], parts[depth - 1] + "[2]", *parts[depth:]]))
    return found


def firsts_filled(values: dict[str, str]) -> dict[str, str]:
    """The same with a first element wherever there is a second, since numbers are by place."""
    firsts = {path.replace("[2]", ""): text for path, text in values.items() if "[2]" in path and text}
    return {**firsts, **{path: text for path, text in values.items() if text}}


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.kind)
def test_what_is_written_is_read_again(form: XmlFormat, data: st.DataObject) -> None:
    names = sorted(data.draw(st.lists(st.sampled_from(form.row_names), max_size=3)), key=form.row_names.index)
    bases = dict(zip(form.row_names, form.rows, strict=True))
    rows = []
    for name in names:
        paths = st.sampled_from(paths_of(form, bases[name]))
        rows.append((name, firsts_filled(data.draw(st.dictionaries(paths, words, max_size=8)))))
    collection = {"school-census": "SC", "ap-census": "AP", "cin": "CIN"}.get(form.kind)
    header = {form.version: "2026"} if collection is None else {"CollectionDetails/Collection": collection}
    stream = io.BytesIO()
    assert write_xml(stream, form, header, rows) == len(rows)
    reading = formats.open(stream.getvalue())
    assert (reading.kind, reading.header) == (form.kind, header)
    again = {row.row: (row.element, row.values) for row in reading}
    for item in reading.set_aside:
        again.setdefault(item.row or 0, (item.element, {}))[1].update(item.values)
    assert [again[n] for n in sorted(again)] == rows
    assert reading.unknown == []


def test_nested_lists_and_numbered_paths_are_the_same_file() -> None:
    nested = {
        "UPN": UPN_A,
        "Contacts/Contact": [{"Order": "1", "Phones/Phone": [{"PhoneNo": "1"}, {"PhoneNo": "2"}]}, {"Order": "2"}],
        "BasicDetails/Disabilities/Disability": ["MOB", "", "VIS"],
        "Email": None,
    }
    numbered = {
        "Contacts/Contact[2]/Order": "2",
        "Contacts/Contact/Order": "1",
        "Contacts/Contact/Phones/Phone[2]/PhoneNo": "2",
        "Contacts/Contact/Phones/Phone/PhoneNo": "1",
        "BasicDetails/Disabilities/Disability": "MOB",
        "BasicDetails/Disabilities/Disability[3]": "VIS",
        "UPN": UPN_A,
    }
    written = []
    for pupil in (nested, numbered):
        stream = io.BytesIO()
        writer.write(stream, {"CTFversion": "25.0"}, [pupil])
        written.append(stream.getvalue())
    assert written[0] == written[1]


def test_elements_come_out_in_the_order_of_the_list() -> None:
    stream = io.BytesIO()
    writer.write(
        stream, {"DateTime": "2026-09-07T09:00:00", "CTFversion": "25.0"}, [{"DOB": "2012-05-04", "UPN": UPN_A}]
    )
    assert stream.getvalue().decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<CTfile>\n  <Header>\n'
        "    <DocumentName>Common Transfer File</DocumentName>\n    <CTFversion>25.0</CTFversion>\n"
        "    <DateTime>2026-09-07T09:00:00</DateTime>\n  </Header>\n  <CTFpupilData>\n    <Pupil>\n"
        f"      <UPN>{UPN_A}</UPN>\n      <DOB>2012-05-04</DOB>\n    </Pupil>\n  </CTFpupilData>\n</CTfile>\n"
    )


@pytest.mark.parametrize("path", ["ShoeSize", "Contacts[x]/Contact", "", "Contacts/Nobody"])
def test_a_path_the_list_does_not_hold_is_not_written(path: str) -> None:
    with pytest.raises(KeyError):
        writer.write(io.BytesIO(), {}, [{path: "38"}])


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\ufffe"])
def test_a_character_that_xml_cannot_carry_is_not_written(text: str) -> None:
    with pytest.raises(ValueError, match="XML cannot carry"):
        writer.write(io.BytesIO(), {}, [{"Surname": text}])


def test_file_names_are_the_ones_files_travel_under() -> None:
    assert file_name("3202001", "320LLLL", 7) == "3202001_CTF_320LLLL_007.xml"


def test_declarations_hold_what_the_judge_needs() -> None:
    for form in (CTF, ATF):
        below = form.below(form.rows[0])
        assert MANDATORY.keys() <= below.keys()
        assert below["DOB"].is_date
        assert below["Sex"].is_code
        assert not below["LookedAfter/InCare"].is_code
        assert form.below(f"{form.root}/Header")["DateTime"].is_date is False
        for path, element in below.items():
            parent = path.rpartition("/")[0]
            assert not parent or below[parent].is_container, element.path
