"""The manual's generated pages say what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold.cli.docs import pages

PAGES = pages()
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str) -> None:
    assert (REFERENCE / name).read_text("utf-8") == PAGES[name](), "run make docs"
