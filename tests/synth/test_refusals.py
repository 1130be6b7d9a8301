"""What cannot be built is said in one sentence, and nothing of anybody else's is touched."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from fairhold.synth.domain import Options
from fairhold.synth.write import SynthRefused, write_borough

ON = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (Options(10, 2, 1.0, 1, ON, Path("x")), "--pupils 10"),
        (Options(300_000, 2, 1.0, 1, ON, Path("x")), "--pupils 300000"),
        (Options(100, 9, 1.0, 1, ON, Path("x")), "--weeks 9"),
        (Options(100, -1, 1.0, 1, ON, Path("x")), "--weeks -1"),
        (Options(100, 2, -0.5, 1, ON, Path("x")), "--faults -0.5"),
        (Options(100, 2, 1.0, 1, date(2026, 8, 12), Path("x")), "--on 2026-08-12"),
    ],
)
def test_figures_that_make_no_borough(options: Options, says: str) -> None:
    with pytest.raises(SynthRefused, match=says):
        write_borough(options)
    assert not Path("x").exists()


def test_a_folder_with_other_files_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "minutes.txt").write_text("keep me", encoding="utf-8")
    with pytest.raises(SynthRefused, match="did not write"):
        write_borough(Options(100, 2, 1.0, 1, ON, tmp_path))
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["minutes.txt"]


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(SynthRefused, match="cannot be written"):
        write_borough(Options(100, 2, 1.0, 1, ON, tmp_path / "taken"))


@pytest.mark.parametrize("pupils", [50, 101])
@pytest.mark.parametrize("on", [date(2026, 1, 12), date(2026, 7, 20), date(2027, 10, 5)])
def test_small_boroughs_and_other_days(tmp_path: Path, pupils: int, on: date) -> None:
    written = write_borough(Options(pupils, 3, 2.0, 1, on, tmp_path))
    assert written.pupils == pupils
    assert written.schools == 5
