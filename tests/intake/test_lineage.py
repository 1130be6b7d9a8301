"""Every stored value leads back to the line of the file it came in, and the file is kept as it came."""

from __future__ import annotations

import hashlib

import pytest
from tests.intake.conftest import OFFICER
from tests.intake.made import ctf, pupil, table
from tests.intake.test_deliveries import EPISODE, HEADER

from fairhold import access, intake, vault, work
from fairhold.dates import clock
from fairhold.ledger import reading

WHERE = """
select f.{field}::text as value, f.line, f.row, d.vault_file_id, d.sha256, s.name as source, d.received_at
from {table} f join system.delivery d on d.id = f.delivery_id join system.source s on s.id = d.source_id
order by f.row
"""


def lines_of(field: str, name: str) -> list[tuple[str, str, str]]:
    """The stored value, the line it points to in the kept file, and the source; the bytes are those that came."""
    with access.scope(OFFICER, "data-intake") as scope:
        found = []
        for row in scope.rows(WHERE.format(field=field, table=name)):
            kept = vault.open(scope, row["vault_file_id"])
            assert hashlib.sha256(kept).hexdigest() == row["sha256"]
            assert row["received_at"] == clock.now()
            found.append((row["value"], kept.decode().splitlines()[row["line"] - 1], row["source"]))
        return found


@pytest.mark.proves("N034")
def test_the_kept_file_says_so_at_that_line(send):
    send(
        table("Header", [HEADER, HEADER | {"CHILD": "101", "UPN": ""}]),
        table("Episodes", [EPISODE, EPISODE | {"CHILD": "101", "PLACE": "K1"}]),
    )
    found = lines_of("placement", "social_care.episode")
    assert [value for value, _, _ in found] == ["U1", "K1"]
    for value, line, source in found:
        assert value in line.split(",")
        assert source == "Made-up case system"
    assert [line.split(",")[0] for _, line, _ in lines_of("sex", "people.birth")] == ["100", "101"]


@pytest.mark.proves("N034")
def test_a_pupils_values_lead_to_the_line_the_pupil_starts_on(send):
    send(ctf([pupil(1), pupil(2), pupil(3)]))
    found = lines_of("surname", "people.name")
    assert [value for value, _, _ in found] == ["SurnameA", "SurnameB", "SurnameC"]
    assert {line.strip() for _, line, _ in found} == {"<Pupil>"}


@pytest.mark.proves("N003")
def test_a_refusal_stands_in_the_ledger_and_nothing_of_the_file_can_be_queried(send, ask):
    before = len(reading.newest(kind="delivery.refused", limit=1000))
    send(ctf([pupil(1)], school="9999999"))
    after = reading.newest(kind="delivery.refused", limit=1000)
    assert len(after) == before + 1
    assert "SurnameA" not in str(after[0])
    for name in ("system.subject", "system.mention", "people.name", "people.search_token", "system.vault_file"):
        assert ask(f"select count(*) as n from {name}") == [(0,)]


@pytest.mark.proves("N031")
def test_a_week_without_its_file_is_somebodys_work_until_it_comes(send):
    def listed() -> list[str]:
        with access.scope(OFFICER, "data-intake") as scope:
            intake.notice(scope)
            return sorted(item.title for item in work.items(scope) if item.kind == "feed.late")

    send(ctf([pupil(1)], at="2026-11-06T08:00:00"))
    assert listed() == ["No weekly file from Made-up School: it is silent"]
    send(ctf([pupil(1)], at="2026-11-20T08:00:00"))
    assert listed() == []
