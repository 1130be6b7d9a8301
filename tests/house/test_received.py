"""What was received stays as received: the same files again change nothing, and each fact leads to its line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.house.outputs import command, made_up, owned

from fairhold import access, catalogue, vault

OFFICER = "data-officer"


@pytest.mark.proves("N031")
def test_loading_the_same_files_again_changes_no_table(borough: Path) -> None:
    def counts() -> dict[str, int]:
        names = owned(
            "select schemaname || '.' || tablename from pg_tables where schemaname not in"
            " ('pg_catalog', 'information_schema', 'ledger') and schemaname not like 'pg_temp%%'"
        )
        return {name: owned(f"select count(*) from {name}")[0] for name in names}

    before = counts()
    assert before["people.name"] > 100
    answer = command(OFFICER, "ingest", str(borough / "in"))
    assert answer.code == 0
    assert {part for line in answer.out.splitlines() for part in line.split() if part in ("stored", "refused")} == set()
    assert counts() == before


# Told by where a value stands in the file, and not by a text there.
SELDOM: set[str] = set()  # tables of which a borough as small as this may have nothing
FROM_ITS_PLACE = {("people.identifier", "kind"), ("parents.contact", "place"), ("send.need", "rank")}
FACTS = """
select f.subject_id, f.delivery_id, f.line, f.kept_from, s.key, to_jsonb(f) as fact from {0} f
join system.subject s on s.id = f.subject_id order by f.kept_from is null, md5(f.id::text) limit 8
"""


@pytest.mark.proves("N034")
def test_every_fact_leads_to_its_line_in_the_kept_bytes(borough: Path) -> None:
    """Some 400 facts of all tables: each of their texts stands at or below that line in the file that was kept, and
    in a case system's files so does the number of the child or of the record."""
    files: dict[int, tuple[str, list[str]]] = {}
    looked, kept, empty = 0, 0, []
    for one in catalogue.tables():
        with access.scope(made_up(OFFICER), "data-intake") as scope:
            found = scope.rows(FACTS.format(one.name))
            empty += [] if found else [one.name]
            for row in found:
                pointers = row["kept_from"] or {}
                for field in one.fields:
                    text = row["fact"][field.name]
                    if text is None or field.type not in ("text", "code") or field.name == "collection_year":
                        continue
                    delivery, line = pointers.get(field.name, (row["delivery_id"], row["line"]))
                    kind, lines = _lines(scope, files, delivery)
                    assert 1 <= line <= len(lines), one.name
                    block = _block(lines, line)
                    kept += field.name in pointers
                    if (one.name, field.name) not in FROM_ITS_PLACE:
                        assert str(text).lower() in block or _parts_in(str(text), block), (one.name, field.name)
                    record = str(row["fact"].get("record_no") or row["key"]).lower()
                    assert kind == "ctf" or record in block or row["key"].lower() in block, one.name
                looked += 1
    assert looked >= 300
    assert kept >= 5
    assert set(empty) <= SELDOM


def _lines(scope: access.Scope, files: dict[int, tuple[str, list[str]]], delivery: int) -> tuple[str, list[str]]:
    """The kind of a delivery, and the lines of the file that was kept."""
    if delivery not in files:
        row = scope.one("select kind, vault_file_id from system.delivery where id = %s", (delivery,))
        assert row is not None
        files[delivery] = row["kind"], vault.open(scope, row["vault_file_id"]).decode("utf-8-sig").splitlines()
    return files[delivery]


def _block(lines: list[str], line: int) -> str:
    """A CSV record, or a child with all that stands below it."""
    first = lines[line - 1]
    if "<" not in first:
        return first.lower()
    end = next(at for at in range(line, len(lines)) if "</Pupil>" in lines[at] or "</Child>" in lines[at])
    return "\n".join(lines[line - 1 : end]).lower()


def _parts_in(text: str, block: str) -> bool:
    """Whether a value put together from several elements stands there in its parts; a constant names its element."""
    return all(part.lower() in block for part in text.replace(",", " ").replace("_", " ").split())


def test_a_result_that_finds_no_room_is_said_in_a_sentence(borough: Path, small_disk: Path, tmp_path: Path) -> None:
    care = borough / "in/social-care/2027"
    filler = small_disk / "filler"
    filler.write_bytes(b"x" * shutil.disk_usage(small_disk).free)
    for out in ("--out", "--summary"):
        answer = command(
            "analyst", *("check", "ssda903", "--year", "2027", "--la", "E09000031", str(care)), out, f"{small_disk}/f"
        )
        assert answer.code == 2
        assert answer.err.count("\n") == 1
        assert "cannot be written (No space left on device)" in answer.err
    assert sorted(path.name for path in small_disk.iterdir()) == ["filler"]
    answer = command("ig-officer", "ledger", "export", "--out", str(small_disk / "ledger.jsonl"))
    assert (answer.code, answer.err) == (2, "The disk is full: free some space and run again.\n")
