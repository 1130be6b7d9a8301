"""The same seed gives the same bytes, on any run and whatever order Python's hashes have."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

from fairhold.synth.domain import Options
from fairhold.synth.write import write_borough

ON = date(2026, 11, 23)


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder with its hash."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_one_seed_one_borough(tmp_path: Path) -> None:
    for name, seed in (("one", 3), ("same", 3), ("other", 4)):
        write_borough(Options(150, 2, 1.0, seed, ON, tmp_path / name))
    one = digests(tmp_path / "one")
    assert digests(tmp_path / "same") == one
    other = digests(tmp_path / "other")
    unlike = [name for name in one if name.endswith(".xml") and other.get(name) == one[name]]
    assert unlike == []


def test_any_hash_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for hash_seed in ("0", "4242"):
        out = tmp_path / hash_seed
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        words = ["fairhold", "synth", "--pupils", "120", "--seed", "9", "--out", str(out)]
        script = f"import sys; from fairhold.cli import main; sys.argv = {words!r}; main()"
        subprocess.run([sys.executable, "-c", script], check=True, env=environment, capture_output=True)
        found.append(digests(out))
    assert found[0] == found[1]
    assert len(found[0]) > 30


def test_a_second_run_replaces_the_first(tmp_path: Path) -> None:
    write_borough(Options(400, 2, 1.0, 1, ON, tmp_path / "twice"))
    write_borough(Options(120, 1, 1.0, 2, ON, tmp_path / "twice"))
    write_borough(Options(120, 1, 1.0, 2, ON, tmp_path / "once"))
    assert digests(tmp_path / "twice") == digests(tmp_path / "once")
