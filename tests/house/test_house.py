"""The house is as its README draws it."""

from __future__ import annotations

import re
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
ROOMS = TREE / "src" / "fairhold"
ROW = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def rooms() -> set[str]:
    return {folder.name for folder in ROOMS.iterdir() if (folder / "__init__.py").exists()}


def test_the_readme_names_every_room_and_no_other() -> None:
    assert set(ROW.findall((TREE / "README.md").read_text("utf-8"))) == rooms()


def test_every_room_says_in_three_lines_what_it_owns_and_never_does() -> None:
    for room in rooms():
        lines = (ROOMS / room / "README.md").read_text("utf-8").strip().splitlines()
        assert lines[0] == f"# {room}"
        assert len([line for line in lines[1:] if line.strip()]) == 3, room


def test_the_tests_the_readme_names_exist() -> None:
    for folder in re.findall(r"`(tests/\w+)`", (TREE / "README.md").read_text("utf-8")):
        assert list((TREE / folder).glob("test_*.py")), folder


def test_no_registry_address_is_committed() -> None:
    for name in ("requirements.lock", "assets/package-lock.json", "assets/package.json"):
        assert "://" not in (TREE / name).read_text("utf-8").replace("https://opencollective.com", ""), name


def test_no_file_is_too_long_to_read() -> None:
    long = {
        str(file.relative_to(TREE)): n
        for file in (TREE / "src").rglob("*.py")
        if (n := file.read_text("utf-8").count("\n")) > 400
    }
    assert long == {}
