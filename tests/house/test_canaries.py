"""A protected address and a restricted child, looked for in every output: pages, commands, files, logs, the vault.

They appear to whoever protects children from harm, and to nobody else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.house.conftest import Enter
from tests.house.outputs import command, found_in, made_up, unpacked, walk
from tests.house.planted import PROTECTED, RESTRICTED, Canary, canaries

from fairhold import access, catalogue, vault
from fairhold.engine import database
from fairhold.errors import PlainError

PROTECTING = "safeguarding"
WORK = [(role.slug, purpose.slug) for role in access.ROLES for purpose in role.purposes()]
OTHERS = [pair for pair in WORK if pair[1] != PROTECTING]
SAME_FOR_ALL = ("/dictionary/", "/proof/", "/about/")

pytestmark = pytest.mark.proves("N010", "N012")


@pytest.fixture(scope="module")
def looked_for(borough: Path) -> tuple[Canary, ...]:
    return canaries(borough)


@pytest.fixture(scope="module")
def people(borough: Path) -> dict[int, int]:
    """Every subject with its guard, as the owner of the store sees it."""
    with database.connect("owner") as owner:
        return dict(owner.execute("select id, guard from system.subject order by id").fetchall())


def addresses(people: dict[int, int]) -> list[str]:
    """Where to begin: the first page, every guarded child, some of the others, and every number that may be guessed."""
    with database.connect("owner") as owner:
        family = owner.execute("select subject_id from people.name where surname = 'Quillonbrook'").fetchall()
    guarded = [number for number, guard in people.items() if guard or (number,) in family]
    some = [number for number, guard in people.items() if not guard][::40]
    with database.connect("owner") as owner:
        links = [number for (number,) in owner.execute("select id from people.link").fetchall()]
        files = [number for (number,) in owner.execute("select id from system.vault_file").fetchall()]
    return [
        "/",
        *(f"/children/{number}/" for number in guarded + some),
        *(f"/identity/links/{number}/undo/" for number in links),
        *(f"/findings/{number}/" for number in files[-4:]),
        *(f"/findings/{number}.xlsx" for number in files[-4:]),
    ]


def test_the_borough_has_what_is_looked_for(people: dict[int, int], looked_for: tuple[Canary, ...]) -> None:
    assert {canary.kind for canary in looked_for[2:]} == {"address", "restricted"}
    assert sorted(people.values())[-1] == 2
    assert sum(guard == 1 for guard in people.values()) >= 4
    assert sum(guard == 2 for guard in people.values()) >= 5


def test_every_table_that_a_case_system_tells_holds_the_planted_children_under_their_guard(borough: Path) -> None:
    told = [table.name for table in catalogue.tables() if table.ssd]
    assert len(told) > 40
    with access.scope(made_up("data-officer"), "data-intake") as scope:
        for name in told:
            rows = scope.rows(
                f"select distinct s.key, f.guard from {name} f join system.subject s on s.id = f.subject_id"
                " where s.key in ('99000001', '99000002')"
            )
            assert {(row["key"], row["guard"]) for row in rows} == {("99000001", 1), ("99000002", 2)}, name


@pytest.mark.parametrize(("role", "purpose"), OTHERS)
def test_no_page_shows_them(
    enter: Enter, people: dict[int, int], looked_for: tuple[Canary, ...], role: str, purpose: str
) -> None:
    client = enter(role, purpose)
    seen = {
        address: found
        for address, answer in walk(client, addresses(people), leave=() if purpose == "audit" else SAME_FOR_ALL)
        if (found := found_in(answer.content, looked_for))
    }
    assert seen == {}


@pytest.mark.proves("N054")
def test_who_protects_children_sees_them(enter: Enter, people: dict[int, int]) -> None:
    client = enter("social-worker", PROTECTING)
    guarded = [f"/children/{number}/" for number, guard in people.items() if guard]
    text = " ".join(unpacked(client.get(address).content) for address in guarded)
    assert set(found_in(text, (PROTECTED, RESTRICTED))) == {
        f"{canary.name}: {mark}" for canary in (PROTECTED, RESTRICTED) for mark in canary.marks
    }


@pytest.mark.parametrize(("role", "purpose"), OTHERS)
@pytest.mark.parametrize("words", ["vexw", "otto 31/10/2011", "31/10/2011", "zephy"])
def test_a_search_finds_no_restricted_child(
    enter: Enter, looked_for: tuple[Canary, ...], role: str, purpose: str, words: str
) -> None:
    client = enter(role, purpose)
    if client.post("/children/", {"text": words}).status_code == 403:
        return
    answer = client.get("/children/").content.decode().replace(words, "")
    assert found_in(answer, looked_for) == set()
    assert ("Zephyrine" in answer) == (words == "zephy")


def test_an_analyst_is_told_how_much_is_withheld(enter: Enter, people: dict[int, int]) -> None:
    client = enter("analyst", "statutory-returns")
    seen = [address for address, _ in walk(client, ["/findings/"])]
    check = next(address for address in seen if re.fullmatch(r"/findings/\d+\.xlsx", address))
    page = client.get(check.removesuffix(".xlsx") + "/").content.decode()
    assert "faults not shown: they are about children whom the purpose" in page
    assert "99000001" in page
    assert "withheld" in unpacked(client.get(check).content)
    assert "99000002" not in unpacked(client.get(check).content)


@pytest.mark.proves("N054")
def test_a_search_for_safeguarding_finds_the_restricted_child(enter: Enter) -> None:
    client = enter("social-worker", PROTECTING)
    client.post("/children/", {"text": "vexw"})
    assert "Ottoline" in client.get("/children/").content.decode()


def commands(purpose: str, guarded: list[int], borough: Path, folder: Path) -> Iterator[tuple[str, ...]]:
    """Every command that tells something of the store, under one purpose."""
    named = ("--purpose", purpose)
    yield ("feeds", "--all", "--json", *named)
    yield ("feeds", "--all", *named)
    yield ("identity", "run", *named)
    yield ("identity", "review", "--limit", "1000", "--json", *named)
    yield ("identity", "review", "--limit", "1000", *named)
    yield ("dispose", "--dry-run", "--json", *named)
    yield ("dispose", "--dry-run", "--limit", "1000", *named)
    yield ("dispose", "--dry-run", "--xlsx", str(folder / "due.xlsx"), *named)
    yield ("ssd", "export", "--out", str(folder), "--json", *named)
    yield ("sources", "list", "--json", *named)
    yield ("vault", "list", "--json", *named)
    yield ("vault", "check", *named)
    yield ("ledger", "show", "--last", "10000", "--json", *named)
    yield ("ledger", "export", *named)
    yield ("ledger", "verify", "--json", *named)
    yield ("ingest", str(borough / "in/schools/planted-1.xml"), "--json", *named)
    yield ("share", "list", "--json", *named)
    yield ("share", "show", "1", "--json", *named)
    yield ("share", "recipients", "--json", *named)
    yield ("share", "notices-due", *named)
    yield ("share", "log", "--json", *named)
    yield from (("share", "log", "--decided", "--json", "--person", str(number), *named) for number in guarded)
    yield ("return", "list", "--year", "2027", "--json", *named)
    yield ("return", "runs", "--json", *named)
    yield ("return", "trend", "ssda903", "--year", "2027", "--json", *named)
    yield ("return", "findings", "1", "--json", *named)
    yield ("return", "findings", "1", "--limit", "10000", "--out", str(folder / "findings.xlsx"), *named)
    yield ("return", "diff", "2026", "2027", "--return", "ssda903", "--json", *named)
    yield ("return", "diff", "2026", "2027", "--return", "ssda903", "--out", str(folder / "diff.csv"), *named)
    yield ("return", "versions", "--json", *named)
    yield ("return", "compare", "2", "--json", *named)
    yield ("return", "compare", "2", "--out", str(folder / "differences.csv"), *named)
    yield ("return", "trace", "2", "Header", "1", "--json", *named)
    yield ("return", "annex-a", "list", "--json", *named)
    yield ("return", "annex-a", "draft", "--out", str(folder / "annex-a.xlsx"), *named)
    yield ("return", "annex-a", "diff", "--json", *named)
    yield ("return", "annex-a", "diff", "--out", str(folder / "annex-a-changes.xlsx"), *named)
    yield ("users", "list", "--json", *named)
    yield ("users", "list", *named)


@pytest.mark.parametrize(("role", "purpose"), OTHERS)
def test_no_command_prints_them(
    borough: Path,
    people: dict[int, int],
    looked_for: tuple[Canary, ...],
    tmp_path: Path,
    role: str,
    purpose: str,
) -> None:
    guarded = [number for number, guard in people.items() if guard]
    for arguments in commands(purpose, guarded, borough, tmp_path):
        answer = command(role, *arguments)
        assert found_in(answer.out + answer.err, looked_for) == set(), arguments
        assert "Traceback" not in answer.err
    for file in tmp_path.iterdir():
        assert found_in(file.read_bytes(), looked_for) == set(), file.name


def test_what_is_set_aside_is_described_without_its_values(borough: Path, looked_for: tuple[Canary, ...]) -> None:
    with database.connect("owner") as owner:
        rows = owner.execute("select field, kind, reason, line from system.set_aside").fetchall()
    assert {row[0] for row in rows} >= {"BasicDetails/Ethnicity"}
    assert found_in(json.dumps(rows), looked_for) == set()


def test_reading_the_files_again_says_what_is_wrong_without_values(
    borough: Path, looked_for: tuple[Canary, ...]
) -> None:
    for number in (1, 2):
        answer = command("data-officer", "read", str(borough / f"in/schools/planted-{number}.xml"))
        assert answer.code == 1
        assert found_in(answer.out + answer.err, looked_for) == set()


def test_what_the_demo_said_names_nobody(borough: Path, looked_for: tuple[Canary, ...]) -> None:
    assert found_in((borough.parent / "said.txt").read_bytes(), looked_for) == set()


def test_no_file_left_behind_holds_them(borough: Path, cluster: Path, looked_for: tuple[Canary, ...]) -> None:
    """The vault as it lies on disk, keys, witness, what was put out, temporary folders, the server's own log."""
    import tempfile

    from fairhold.engine.postgres.places import read_record

    ground = Path(str(read_record(cluster / "postgres/places.json")["ground"]))
    log = ground / "server.log"
    assert log.exists()
    out = [path for path in borough.parent.rglob("*") if borough not in path.parents]
    left = [*cluster.rglob("*"), *out, *Path(tempfile.gettempdir()).rglob("*"), log]
    files = [path for path in left if path.is_file() and ground / "data" not in path.parents]
    assert sum("vault" in path.parts for path in files) > 10
    for file in files:
        assert found_in(file.read_bytes(), looked_for) == set(), file
    assert list((cluster / "uploads").iterdir()) == []


@pytest.mark.parametrize(("role", "purpose"), OTHERS)
def test_no_kept_file_that_a_purpose_may_open_holds_them(
    borough: Path, looked_for: tuple[Canary, ...], role: str, purpose: str
) -> None:
    """Packages, findings, workbooks, opened as their purpose may. Deliveries hold everybody: intake keeps them as they
    came, and a return is checked from all of its rows."""
    with database.connect("owner") as owner:
        files = owner.execute("select id, kind from system.vault_file order by id").fetchall()
    for number, kind in files:
        try:
            with access.scope(made_up(role), purpose) as scope:
                data = vault.open(scope, number)
        except PlainError:
            continue
        if kind.startswith("delivery-"):
            assert purpose == "data-intake" or (purpose, kind) == ("statutory-returns", "delivery-ssda903")
        else:
            assert found_in(data, looked_for) == set(), (number, kind)


def test_an_error_of_the_database_leaves_no_value_in_its_log(cluster: Path, looked_for: tuple[Canary, ...]) -> None:
    import psycopg

    from fairhold.engine.postgres.places import read_record

    with database.connect("web") as connection, pytest.raises(psycopg.Error):
        connection.execute("select %s::int", ("Vexworthy, 77 Canarygate Mews",))
    log = Path(str(read_record(cluster / "postgres/places.json")["ground"])) / "server.log"
    assert found_in(log.read_bytes(), (PROTECTED, RESTRICTED)) == set()


def test_the_ledger_names_nobody(borough: Path, looked_for: tuple[Canary, ...]) -> None:
    with database.connect("owner") as owner:
        rows = owner.execute("select row_to_json(e)::text from ledger.event e").fetchall()
    assert len(rows) > 50
    assert found_in("\n".join(text for (text,) in rows), looked_for) == set()


def test_a_refusal_names_nobody(enter: Enter, people: dict[int, int], looked_for: tuple[Canary, ...]) -> None:
    """Not found, not open, wrong form: the pages that refuse, asked with a child's number."""
    for role, purpose in OTHERS:
        client = enter(role, purpose)
        for number in [number for number, guard in people.items() if guard == 2]:
            answer = client.get(f"/children/{number}/")
            assert answer.status_code in (403, 404)
            assert found_in(answer.content, looked_for) == set()
