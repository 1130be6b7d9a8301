"""What must be given and what may be; a refusal takes the value out, and keeps it out of the next file (made up)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.intake import made

from fairhold import access, catalogue, intake, record, work
from fairhold.catalogue import codes, collecting
from fairhold.dates import clock
from fairhold.intake import NewSource
from fairhold.record import VoluntaryError

DAY = date(2026, 11, 24)
OFFICER = access.Actor(1, "Made-up officer", "data-officer")


@pytest.mark.proves("N040")
@pytest.mark.parametrize("collection", collecting.COLLECTIONS)
def test_every_item_of_a_collection_is_mandatory_or_voluntary_on_some_authority(collection: str) -> None:
    found = collecting.items(collection, DAY)
    carried = {(table.name, one.name) for table in catalogue.tables() for one in table.fields if one.told(collection)}
    assert {(one.table, one.field) for one in found} == carried != set()
    assert {one.status for one in found} <= {"mandatory", "voluntary"}
    assert all(one.authority and "unverified" in one.source for one in found)


@pytest.mark.proves("N040")
def test_every_field_of_the_dictionary_is_asked_in_some_collection_or_made_here() -> None:
    """So a field nobody asks for cannot be said to be voluntary or mandatory by chance."""
    asked = {(one.table, one.field) for name in collecting.COLLECTIONS for one in collecting.items(name, DAY)}
    may = collecting.voluntary(DAY)
    assert set(may) <= asked
    assert may["people.ethnicity", "ethnicity"] == "REFU"
    assert ("people.birth", "date_of_birth") not in may
    assert ("people.language", "kind") not in may  # it tells one row from another
    for (table, field), code in may.items():
        sets = {one.name: one.codesets for one in catalogue.table(table).fields}[field]
        assert code is None or any(code in {known.code for known in codes.codes(one)} for one in sets), (table, field)


@pytest.mark.proves("N041")
def test_the_text_at_the_point_of_collection_names_each_item_once_and_its_version_is_its_own() -> None:
    notices = {name: collecting.notice(name, DAY) for name in collecting.COLLECTIONS}
    assert len({one.version for one in notices.values()}) == len(notices)
    assert collecting.notice("ctf", date(2030, 1, 1)) == notices["ctf"]  # the same words, the same version
    must, may, *_ = notices["ctf"].lines
    assert must.startswith("The law says that these must be given: ")
    assert "Date of birth" in must
    assert "Ethnicity" not in must
    assert may.startswith("You may choose whether to give these: ")
    assert "Ethnicity" in may
    assert record.voluntary.notice_seen("ctf", DAY) == notices["ctf"].version


@pytest.fixture
def child(clean: Path) -> Iterator[int]:
    """One made-up child, whose school says an ethnicity and a preferred surname."""
    with clock.frozen(DAY):
        with access.scope(access.Actor(2, "Made-up", "administrator"), "administration") as scope:
            intake.add_sources(scope, sources=[NewSource("school", "Made-up School", "320", "2001")])
        deliver("WBRI")
        with access.scope(OFFICER, "data-intake") as scope:
            found = scope.value("select subject_id from people.name")
        yield found


def deliver(ethnicity: str, hour: int = 8, **changes: str) -> None:
    pupil = made.pupil(1, BasicDetails__Ethnicity=ethnicity, BasicDetails__PreferredSurname="Chosenname", **changes)
    with access.scope(OFFICER, "data-intake") as scope:
        intake.ingest(
            scope, offered=intake.offer([("pupils", made.ctf([pupil], at=f"2026-11-20T{hour:02d}:00:00"))], scope)
        )


def held(word: str) -> list[str]:
    """Every place of the store's facts in which a word stands, past rows and raw words included; and by what it is
    found."""
    with access.scope(OFFICER, "data-intake") as scope:
        tokens = [row["token"] for row in scope.rows("select token from people.search_token")]
        places = [
            table.name
            for table in catalogue.tables()
            if scope.value(f"select count(*) from {table.name} t where t::text like %s", (f"%{word}%",))
        ]
    return places + [token for token in tokens if word.lower() in token]


def refuse(child: int, table: str, field: str) -> int:
    with access.scope(OFFICER, "data-intake") as scope:
        return record.refuse(scope, person=child, table=table, field=field)


@pytest.mark.proves("N042")
def test_a_refused_item_is_gone_leaves_its_code_and_stays_out_of_the_next_file(child: int) -> None:
    deliver("WIRI", 9)  # so that a past row holds the first
    assert held("WBRI") == held("WIRI") == ["people.ethnicity"]
    assert refuse(child, "people.ethnicity", "ethnicity") == 2
    assert held("WBRI") == held("WIRI") == []
    deliver("WROM", 10)
    assert held("WROM") == []
    with access.scope(OFFICER, "data-intake") as scope:
        found = record.child(scope, person=child)
        assert found.first("people.ethnicity", "ethnicity") == "REFU"
        [kept] = record.refused(scope, person=child)
        assert (kept.field, kept.code, kept.notice) == ("ethnicity", "REFU", collecting.notice("ctf", DAY).version)
    assert refuse(child, "people.ethnicity", "ethnicity") == 0  # said twice, kept once
    with access.scope(access.Actor(3, "Made-up", "ig-officer"), "information-governance") as scope:
        [item] = [item for item in work.items(scope) if item.kind == "voluntary.tell"]
        assert item.title == f"Ask whoever had the ethnicity of record {child} to delete it"
        from fairhold.sharing import refused

        assert refused.tell(scope, person=child, field="ethnicity") == 0
        assert work.items(scope) == []


@pytest.mark.proves("N042")
def test_a_name_that_was_given_by_choice_is_not_found_any_more(child: int) -> None:
    assert held("Chosenname") == ["people.name", "n:chosenname"]
    refuse(child, "people.name", "preferred_surname")
    assert held("Chosenname") == []
    deliver("WBRI", 11, BasicDetails__MiddleNames="Middle")
    assert held("Chosenname") == []


def test_what_the_law_asks_for_cannot_be_refused(child: int) -> None:
    for item in ("people.birth.date_of_birth", "people.ethnicity.strange", "none.none", "."):
        table, _, field = item.rpartition(".")
        with pytest.raises(VoluntaryError, match="cannot be refused"):
            refuse(child, table, field)
    with pytest.raises(VoluntaryError, match="no such child"):
        refuse(999, "people.ethnicity", "ethnicity")
