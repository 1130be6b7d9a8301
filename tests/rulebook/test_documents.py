"""A page is read as a rule, or refused with one sentence that says which page, what is wrong, and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold.rulebook.document import parse, read_folder
from fairhold.rulebook.domain import RuleError

PAGE = """---
code: "9"
title: A made-up rule: with a colon
severity: query
collections: {from: 2023, to: 2026}
fields: [Pets.NAME]
source: made up
reviewed: 2026-11-23
examples: 2025
---
Every pet has a name.

**Put it right:** ask the owner.

```sql
NAME is null
```
| Pets: NAME | KIND | fault | Owners: WHO |
|------------|------|-------|-------------|
| Rex        | dog  |       | Ann         |
|            | cat  | x     |             |
|            |      |       | Bob         |
"""


def test_a_page_becomes_a_rule() -> None:
    rule = parse(Path("9.md"), PAGE)
    assert (rule.code, rule.title, rule.severity) == ("9", "A made-up rule: with a colon", "query")
    assert (rule.first, rule.last, rule.examples) == (2023, 2026, 2025)
    assert rule.fields == (("Pets", "NAME"),)
    assert rule.sql == "NAME is null"
    assert rule.is_predicate
    assert "Put it right" in rule.prose
    assert [rule.in_force(year) for year in (2022, 2023, 2026, 2027)] == [False, True, True, False]


def test_tables_drawn_side_by_side_are_apart_and_blank_segments_are_no_rows() -> None:
    (drawing,) = parse(Path("9.md"), PAGE).drawings
    assert [(r.table, r.cells, r.marks) for r in drawing.rows] == [
        ("Pets", {"NAME": "Rex", "KIND": "dog"}, ()),
        ("Owners", {"WHO": "Ann"}, ()),
        ("Pets", {"KIND": "cat"}, ("line 2",)),
        ("Owners", {"WHO": "Bob"}, ()),
    ]
    assert drawing.columns == {"Pets": ("NAME", "KIND"), "Owners": ("WHO",)}


@pytest.mark.parametrize(
    ("sql", "predicate"),
    [
        ("NAME is null", True),
        ("(NAME is null) <> (KIND is null)", True),
        ("selected = 'x'", True),
        ("select row as Pets from Pets", False),
        ("(select row as Pets from Pets) union (select row as Pets from Pets)", False),
        ("with a as (select 1) select row as Pets from Pets", False),
    ],
)
def test_the_two_forms_of_sql_are_told_apart(sql: str, *, predicate: bool) -> None:
    assert parse(Path("9.md"), PAGE.replace("NAME is null", sql)).is_predicate is predicate


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("---\ncode", "code", "9.md: has no front matter; start it with a line --- and end the front matter with ---."),
        ("source: made up\n", "", "9.md: has no source; add source: to the front matter."),
        ("severity: query", "severity: bad", "9.md: has severity bad; use one of error, query, warning, unverified."),
        ("source:", "sauce:", "9.md: has an unknown front matter key sauce; use code, collections, examples, fields,"),
        ("to: 2026", "to: 2022", "9.md: ends before it begins; put collections to after from."),
        ("from: 2023", "from: soon", "9.md: has no year in collections from; write collections from with a"),
        ("examples: 2025", "examples: then", "9.md: has no year in examples; write examples with a"),
        ("[Pets.NAME]", "[NAME]", "9.md: has no fields; name them as fields: [Episodes.DECOM, Header.DOB]."),
        ("```sql", "```text", "9.md: has 0 blocks of SQL; write exactly one ```sql block."),
        ("Every pet has a name.\n\n**Put it right:** ask the owner.\n", "", "9.md: has no prose; say in plain words"),
        ("| Rex        | dog  |       | Ann         |", "| Rex |", "9.md: has 1 cells instead of 4 in drawn line 1;"),
        ("| Pets: NAME |", "| NAME |", "9.md: has a drawn table that does not name its table;"),
        ('code: "9"', 'code: "8"', "9.md: is named for another code than 8; call it 8.md or 8@2023.md."),
        ("reviewed: 2026-11-23", "reviewed", "9.md: has a front matter line without a colon: reviewed;"),
    ],
)
def test_what_is_wrong_with_a_page_is_said_in_one_sentence(old: str, new: str, sentence: str) -> None:
    assert old in PAGE
    with pytest.raises(RuleError) as refused:
        parse(Path("9.md"), PAGE.replace(old, new, 1))
    assert refused.value.sentence.startswith(sentence)


def test_periods_of_one_code_never_overlap(tmp_path: Path) -> None:
    later = PAGE.replace("{from: 2023, to: 2026}", "{from: 2027}")
    (tmp_path / "9.md").write_text(PAGE)
    (tmp_path / "9@2027.md").write_text(later)
    assert [(d.first, d.last) for d in read_folder(tmp_path)] == [(2023, 2026), (2027, None)]
    (tmp_path / "9@2027.md").unlink()
    (tmp_path / "9@2026.md").write_text(later.replace("2027", "2026"))
    with pytest.raises(
        RuleError, match=r"9@2026\.md: is in force in 2026 together with 9\.md; end the earlier wording"
    ):
        read_folder(tmp_path)
