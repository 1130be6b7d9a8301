"""Keeping files: whole or not at all, for those they were kept for, until their time is up."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path

import pytest

from fairhold import access, vault
from fairhold.vault import folder

CONTENT = b"made-up pupils, one a line\n" * 1000
ScopeFor = Callable[[str, str], AbstractContextManager[access.Scope]]
Keep = Callable[..., vault.VaultFile]


@pytest.fixture
def room(clean: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty vault folder."""
    monkeypatch.setenv("FAIRHOLD_VAULT", str(tmp_path / "vault"))
    return tmp_path / "vault"


@pytest.fixture
def keep(room: Path, scope_for: ScopeFor) -> Keep:
    """Keep a made-up delivery, committed."""

    def run(data: bytes | io.BytesIO = CONTENT, **more: object) -> vault.VaultFile:
        with scope_for("data-officer", "data-intake") as scope:
            return vault.keep(
                scope, data, kind="delivery", klass="safeguarding", retention="RT31", due=date(2027, 2, 22), **more
            )

    return run


def on_disk(room: Path) -> list[Path]:
    return sorted(path for path in room.rglob("*") if path.is_file())


def findings(scope_for: ScopeFor) -> list[str]:
    with scope_for("ig-officer", "audit") as scope:
        return vault.check(scope)


@pytest.mark.parametrize(
    "data", [b"", b"x", CONTENT, io.BytesIO(CONTENT * 100)], ids=["empty", "one", "some", "stream"]
)
def test_what_is_kept_comes_back(keep: Keep, scope_for: ScopeFor, data: bytes | io.BytesIO) -> None:
    content = data if isinstance(data, bytes) else data.getvalue()
    kept = keep(data)
    assert (kept.size, kept.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with scope_for("data-officer", "data-intake") as scope:
        assert vault.open(scope, kept.id) == content
    assert findings(scope_for) == []


def test_the_disk_shows_neither_content_nor_name(keep: Keep, room: Path) -> None:
    keep()
    (file,) = on_disk(room)
    assert b"made-up" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert room.stat().st_mode & 0o077 == 0


@pytest.mark.proves("N160")
def test_every_file_is_listed_with_class_rule_and_due_date(keep: Keep, scope_for: ScopeFor) -> None:
    first, second = keep(), keep()
    with scope_for("ig-officer", "retention") as scope:
        found = vault.listed(scope)
    assert [(f.id, f.klass, f.retention, f.due) for f in found] == [
        (kept.id, "safeguarding", "RT31", date(2027, 2, 22)) for kept in (first, second)
    ]
    assert first.sha256 == second.sha256, "the same bytes twice are two files with ends of their own"
    assert first.name != second.name


@pytest.mark.parametrize("missing", ["kind", "klass", "retention"])
def test_nothing_is_kept_without_kind_class_and_rule(room: Path, scope_for: ScopeFor, missing: str) -> None:
    words = {"kind": "delivery", "klass": "ordinary", "retention": "RT31"} | {missing: ""}
    with scope_for("data-officer", "data-intake") as scope, pytest.raises(vault.VaultError, match="only with"):
        vault.keep(scope, b"x", **words)
    assert on_disk(room) == []


def test_a_file_opens_only_for_the_purposes_it_was_kept_for(keep: Keep, scope_for: ScopeFor) -> None:
    kept, shared = keep(), keep(opens_for=["statutory-returns"])
    with scope_for("analyst", "statutory-returns") as scope:
        assert vault.open(scope, shared.id) == CONTENT
        with pytest.raises(vault.VaultError, match="not kept for the purpose"):
            vault.open(scope, kept.id)
    with scope_for("leadership", "performance") as scope, pytest.raises(access.Refused):
        vault.open(scope, kept.id)
    with pytest.raises(vault.VaultError, match="no purpose"):
        keep(opens_for=["curiosity"])


def test_a_rolled_back_scope_keeps_nothing(room: Path, scope_for: ScopeFor) -> None:
    with pytest.raises(KeyError), scope_for("data-officer", "data-intake") as scope:
        vault.keep(scope, CONTENT, kind="delivery", klass="ordinary", retention="RT31")
        raise KeyError
    assert "Files without a record: 1" in findings(scope_for)[0]
    (file,) = on_disk(room)
    os.utime(file, (0, time.time() - folder.GRACE - 60))
    assert findings(scope_for) == []
    assert on_disk(room) == []


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda file: file.unlink(), "bytes are missing"),
        (lambda file: file.write_bytes(file.read_bytes()[:-1]), "not what was kept"),
        (lambda file: file.write_bytes(b"x" + file.read_bytes()[1:]), "not what was kept"),
    ],
    ids=["missing", "cut off", "changed"],
)
def test_what_happened_to_a_file_is_found_and_never_read(
    keep: Keep, room: Path, scope_for: ScopeFor, spoil: Callable[[Path], None], sentence: str
) -> None:
    keep()
    kept = keep()
    spoil(folder.path_of(kept.name))
    (found,) = findings(scope_for)
    assert f"File {kept.id} " in found
    assert sentence in found
    with (
        scope_for("data-officer", "data-intake") as scope,
        pytest.raises((vault.Damaged, vault.VaultError)),
    ):
        vault.open(scope, kept.id)


def test_swapped_files_are_found(keep: Keep, scope_for: ScopeFor) -> None:
    one, two = (folder.path_of(keep(data).name) for data in (b"one", b"two"))
    one_bytes = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(one_bytes)
    assert len(findings(scope_for)) == 2


def test_an_erased_file_is_gone_and_its_account_stays(keep: Keep, room: Path, scope_for: ScopeFor) -> None:
    gone, stays = keep(), keep()
    bytes_before = folder.path_of(gone.name).read_bytes()
    with pytest.raises(KeyError), scope_for("ig-officer", "retention") as scope:
        vault.erase(scope, file=gone.id)
        raise KeyError
    with scope_for("data-officer", "data-intake") as scope:
        assert vault.open(scope, gone.id) == CONTENT, "what was rolled back is not gone"
    with scope_for("ig-officer", "retention") as scope:
        vault.erase(scope, file=gone.id)
    with scope_for("ig-officer", "retention") as scope:
        vault.sweep(scope)
        assert [(f.id, f.state, f.sha256) for f in vault.files(scope)] == [
            (gone.id, "erased", gone.sha256),
            (stays.id, "kept", stays.sha256),
        ]
        with pytest.raises(vault.VaultError, match="already gone"):
            vault.erase(scope, file=gone.id)
    assert on_disk(room) == [folder.path_of(stays.name)]
    folder.path_of(gone.name).write_bytes(bytes_before)  # a copy of the disk comes back
    with scope_for("data-officer", "data-intake") as scope, pytest.raises(vault.VaultError, match="time was up"):
        vault.open(scope, gone.id)
    assert findings(scope_for) == []
    assert on_disk(room) == [folder.path_of(stays.name)], "what was disposed of does not come back"


def test_only_retention_may_erase(keep: Keep, scope_for: ScopeFor) -> None:
    kept = keep()
    with scope_for("data-officer", "data-intake") as scope:
        with pytest.raises(access.Refused):
            vault.erase(scope, file=kept.id)
        with pytest.raises(access.Refused):
            scope.value("select system.erase_vault_file(%s, now())", (kept.id,))


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
from fairhold.vault import folder
try:
    folder.write("ab" * 16, iter([b"x" * 3000] * 5))
except folder.VaultFull as full:
    print(full.sentence)
"""

KILLED = """
import sys, time
from fairhold.vault import folder
def chunks():
    yield b"x" * 100_000
    print("half", flush=True)
    time.sleep(60)
folder.write("cd" * 16, chunks())
"""


def test_a_full_disk_gives_one_sentence_and_leaves_nothing(room: Path) -> None:
    """The limit on the size of a file stands for the full disk: the same error comes from the same call."""
    said = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True, check=True)
    assert "disk is full: nothing was kept" in said.stdout
    assert on_disk(room) == []


def test_a_kill_leaves_nothing_half_visible_and_is_swept(room: Path, scope_for: ScopeFor) -> None:
    with subprocess.Popen([sys.executable, "-c", KILLED], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "half\n"
        assert folder.names() == set()
        assert folder.sweep(set()) == 0, "a file on its way in is left alone"
        assert len(on_disk(room)) == 1
        writer.send_signal(signal.SIGKILL)
    assert folder.names() == set()
    assert findings(scope_for) == []
    assert on_disk(room) == []


def test_a_folder_that_cannot_be_written_gives_a_sentence(keep: Keep, room: Path) -> None:
    room.parent.mkdir(exist_ok=True)
    room.write_text("not a folder")
    with pytest.raises(vault.VaultError, match="nothing was kept"):
        keep()
