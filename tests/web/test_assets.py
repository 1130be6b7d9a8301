"""The style sheet and script: pinned by hash, without an address, without licensed type or arms; nothing is fetched."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from fairhold.web import config

ROOT = Path(__file__).parents[2]
STATIC = config.FOLDER / "static"
BUILT = sorted(STATIC.rglob("*.css")) + sorted(STATIC.rglob("*.js"))


def test_every_package_is_pinned_by_hash_and_no_address_stands_in_the_lock() -> None:
    lock = json.loads((ROOT / "assets/package-lock.json").read_text("utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    for name, entry in packages.items():
        assert entry["integrity"].startswith("sha512-"), name
        assert "resolved" not in entry, name


@pytest.mark.parametrize("file", BUILT, ids=lambda file: file.name)
def test_nothing_is_fetched_from_elsewhere_nor_licensed_to_others(file: Path) -> None:
    text = file.read_text("utf-8")
    assert "GDS Transport" not in text
    assert "crest" not in text
    assert not re.search(r"url\(|@import|sourceMappingURL", text)


def test_our_own_style_keeps_contrast_enough_for_small_text() -> None:
    """WCAG 2.2, 1.4.3: at least 4.5 to 1, for the text colours of the theme, on white and on its soft grey."""
    text = (STATIC / "fairhold.css").read_text("utf-8")
    colours = dict(re.findall(r"(--[a-z-]+): (#[0-9a-f]{6})", text))
    for name in ("--app-quiet", "--govuk-link-colour", "--govuk-link-visited-colour", "--app-accent"):
        for ground in ("#ffffff", colours["--app-soft"]):
            assert contrast(colours[name], ground) >= 4.5, (name, ground)
    for bar in re.findall(r"app-timeline__bar--\d rect \{ fill: (#[0-9a-f]{6})", text):
        assert contrast(bar, "#ffffff") >= 4.5, bar


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_style_and_script_travel_in_the_wheel(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    for file in BUILT:
        assert f"fairhold/web/static/{file.relative_to(STATIC)}" in names
    assert "fairhold/web/base/page.html" in names
    assert "fairhold/web/schema.sql" in names
