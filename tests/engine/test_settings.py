"""Where Fairhold lives and which server it uses, from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairhold import engine
from fairhold.engine import settings


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No address set, and a folder of our own to stand in."""
    for variable in settings.URL_VARIABLES.values():
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.delenv("FAIRHOLD_HOME", raising=False)
    monkeypatch.chdir(tmp_path)


def test_home_is_demo_here_unless_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert engine.home() == tmp_path / ".demo"
    assert engine.home().stat().st_mode & 0o777 == 0o700
    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path / "deep" / "store"))
    assert engine.home() == tmp_path / "deep" / "store"


def test_a_home_that_exists_keeps_its_mode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o750)
    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path / "mine"))
    assert settings.private_folder("keys").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "mine").stat().st_mode & 0o777 == 0o750


def test_a_home_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(engine.EngineError, match="Set FAIRHOLD_HOME"):
        engine.home()


def test_addresses_of_a_real_server_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_DATABASE_URL", "postgresql://web@db.example/fairhold")
    assert engine.database.dsn("web") == "postgresql://web@db.example/fairhold"
    assert settings.in_production()


@pytest.mark.parametrize("login", ["owner", "worker"])
def test_a_half_set_production_refuses(monkeypatch: pytest.MonkeyPatch, login: settings.Login, tmp_path: Path) -> None:
    """It must never fall back on a store made for the demo."""
    monkeypatch.setenv("FAIRHOLD_DATABASE_URL", "postgresql://web@db.example/fairhold")
    with pytest.raises(engine.EngineError, match=f"{settings.URL_VARIABLES[login]} is not set"):
        engine.database.dsn(login)
    assert list(tmp_path.iterdir()) == []


def test_an_address_where_nobody_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAIRHOLD_DATABASE_URL", f"host={tmp_path} dbname=fairhold user=web password=made-up-secret")
    with pytest.raises(engine.EngineError, match="cannot be reached") as error:
        engine.database.connect("web")
    assert "made-up-secret" not in str(error.value)
    with pytest.raises(engine.EngineError, match="cannot be reached for reading") as error:
        engine.columns.arrow(engine.database.dsn("web"), "p_any", "select 1")
    assert "made-up-secret" not in str(error.value)


def test_an_unknown_login_is_refused() -> None:
    with pytest.raises(engine.EngineError, match="no database login 'root'"):
        engine.database.dsn("root")  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["0", "-1", "lots", "1.5", "²"])
def test_a_limit_that_is_no_number(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("FAIRHOLD_MEMORY_MB", text)
    with pytest.raises(engine.EngineError, match="whole number"):
        settings.memory_limit_mb()
