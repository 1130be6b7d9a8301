"""Keys outside the database: made once, private, and refused when spoiled."""

from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest

from fairhold.engine.errors import EngineError
from fairhold.engine.secret import secret


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FAIRHOLD_HOME", str(tmp_path))
    monkeypatch.delenv("FAIRHOLD_A_KEY", raising=False)
    return tmp_path


def test_a_key_is_made_once_and_private(home: Path) -> None:
    made = secret("FAIRHOLD_A_KEY", "a.key")
    assert len(made) == 32
    assert secret("FAIRHOLD_A_KEY", "a.key") == made != secret("FAIRHOLD_A_KEY", "b.key")
    assert {file.name: file.stat().st_mode & 0o777 for file in home.iterdir()} == {"a.key": 0o600, "b.key": 0o600}


def test_those_who_start_together_have_one_key(home: Path) -> None:
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(secret("FAIRHOLD_A_KEY", "a.key"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setenv("FAIRHOLD_A_KEY", base64.b64encode(b"k" * 32).decode())
    assert secret("FAIRHOLD_A_KEY", "a.key") == b"k" * 32
    assert not (home / "a.key").exists()


@pytest.mark.parametrize("text", ["x", "not base64!", base64.b64encode(b"k" * 31).decode()])
def test_a_spoiled_key_is_a_sentence_without_the_key(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRHOLD_A_KEY", text)
    with pytest.raises(EngineError, match="put the right key back") as refused:
        secret("FAIRHOLD_A_KEY", "a.key")
    assert f" {text} " not in refused.value.sentence


def test_a_key_others_can_read_is_refused(home: Path) -> None:
    secret("FAIRHOLD_A_KEY", "a.key")
    (home / "a.key").chmod(0o640)
    with pytest.raises(EngineError, match="0600"):
        secret("FAIRHOLD_A_KEY", "a.key")
