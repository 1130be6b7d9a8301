"""Every setting is documented, and every documented setting exists."""

from __future__ import annotations

import re
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
PAGE = (TREE / "docs/reference/settings.md").read_text("utf-8")
NAME = re.compile(r"FAIRHOLD_[A-Z][A-Z_]*[A-Z]\b")
CODE = {file: file.read_text("utf-8") for folder in ("src", "tools") for file in (TREE / folder).rglob("*.py")}


def test_the_page_names_every_setting_and_no_other() -> None:
    read = {name for text in CODE.values() for name in NAME.findall(text)}
    rows = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(rows) == sorted(read)
    assert set(NAME.findall(PAGE)) == read


def test_the_page_names_the_file_of_each_key() -> None:
    keys = re.findall(r"^\| `(\w+_KEY)` \| .* \| `(\w+\.key)` \|$", PAGE, re.MULTILINE)
    assert len(keys) == len(set(re.findall(r"`(FAIRHOLD_\w+_KEY)`", PAGE)))
    for variable, file in keys:
        assert [text for text in CODE.values() if f'"{variable}"' in text and f'"{file}"' in text], variable


def test_nothing_else_is_read_from_the_environment() -> None:
    """A variable without our name is somebody else's: where the system keeps run-time files, and Django's own."""
    others = {
        name
        for file, text in CODE.items()
        if "src" in file.parts  # the set-up runs before anything is installed, and reads what its tools read
        for name in re.findall(r"""environ(?:\.get|\.setdefault)?[\[(]\s*["'](\w+)["']""", text)
        if not name.startswith("FAIRHOLD_")
    }
    assert others <= {"XDG_RUNTIME_DIR", "DJANGO_SETTINGS_MODULE"}
