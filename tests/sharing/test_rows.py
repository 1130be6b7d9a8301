"""The bytes of the rows: minimal, plain, and held to the decisions by a second reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.sharing import csvfile
from fairhold.sharing.csvfile import Row
from fairhold.sharing.shares import ShareError
from tests.sharing.made_up import CORE, EXTRA

FIELDS = [*CORE, *EXTRA]
PERMITTED = frozenset(FIELDS)
texts = st.none() | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8) | st.sampled_from(
    ["=1+1", "-", "@x", 'a "b", c', "two\r\nlines", "tab\there", "'=", " "]
)  # fmt: skip
rows = st.lists(
    st.builds(
        Row,
        st.integers(1, 10**6),
        st.fixed_dictionaries({name: texts for name in FIELDS}),
        st.frozensets(st.sampled_from(FIELDS)),
    ),
    max_size=6,
)


@given(rows)
@pytest.mark.proves("N081")
def test_what_is_built_passes_the_check_and_holds_no_value_that_may_not_leave(made: list[Row]) -> None:
    data, columns, told = csvfile.build(made, FIELDS)
    if not told:
        assert columns == []
        return
    csvfile.check(data, told, PERMITTED)
    for column in columns:
        assert any(column in row.allowed for row in told)
    secret = [Row(row.subject, {name: "SECRET" for name in FIELDS}, frozenset()) for row in made]
    assert csvfile.build([*made, *secret], FIELDS)[0] == data


HELD = {
    "name": "Mia Made-Up",
    "address": "1 Nowhere Road, E17 0ZZ",
    "date_of_birth": "2012-01-01",
    "school": "S",
    "upn": "U",
}
ROW = Row(1, HELD, frozenset(CORE))


@pytest.mark.proves("N113")
def test_without_consent_a_row_is_the_three_fields_to_the_byte() -> None:
    data, _, _ = csvfile.build([ROW], FIELDS)
    assert data == b'name,address,date_of_birth\r\nMia Made-Up,"1 Nowhere Road, E17 0ZZ",2012-01-01\r\n'


@pytest.mark.proves("N113")
@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\xef\xbb\xbfname\r\nMia Made-Up\r\n", "first or last bytes"),
        (b"name\r\nMia Made-Up", "first or last bytes"),
        (b"name,upn\r\nMia Made-Up,U\r\n", "a column that may not leave"),
        (b"name,name\r\nMia Made-Up,Mia Made-Up\r\n", "a column that may not leave"),
        (b"name,school\r\nMia Made-Up,S\r\n", "where the decision says no"),
        (b"name\r\nMia Made-Up\r\nMia Made-Up\r\n", "a row too many"),
        (b"name\r\n", "a row too many or too few"),
        (b"name\r\nMia Other\r\n", "not the one the record holds"),
        (b'name\r\n"Mia\nMade-Up"\r\n', "line break"),
    ],
)
def test_a_file_that_was_not_decided_so_is_caught(data: bytes, says: str) -> None:
    csvfile.check(b"name\r\nMia Made-Up\r\n", [ROW], PERMITTED)
    with pytest.raises(ShareError, match=says):
        csvfile.check(data, [ROW], PERMITTED)


def test_a_value_that_a_spreadsheet_would_run_is_made_plain() -> None:
    assert [csvfile.cell(text) for text in ("=1+1", "-1", "+44", "@a", "O'Neil", None)] == [
        "'=1+1", "'-1", "'+44", "'@a", "O'Neil", "",
    ]  # fmt: skip
