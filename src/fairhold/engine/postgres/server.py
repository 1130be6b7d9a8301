"""One PostgreSQL server process: is it alive, start it, stop it, say in one sentence why it will not."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from fairhold.engine.errors import DISK_FULL, EngineError
from fairhold.engine.postgres import config
from fairhold.engine.postgres.account import Account
from fairhold.engine.postgres.binaries import Binaries
from fairhold.engine.postgres.places import Places, socket_folder

SHUTDOWN = 60  # seconds for a last checkpoint on a slow disk


def run(command: Sequence[str], account: Account | None, *, cwd: Path, text_in: str = "") -> str:
    """Run one of PostgreSQL's programs as the server's account; its words come back, an error raises them."""
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    try:
        done = subprocess.run(
            command,
            input=text_in,
            capture_output=True,
            text=True,
            errors="replace",
            env=environment,
            cwd=cwd,
            umask=0o077,
            user=None if account is None else account.uid,
            group=None if account is None else account.gid,
            extra_groups=None if account is None else [],
            check=False,
        )
    except OSError as error:
        raise EngineError(f"{Path(command[0]).name} cannot be run ({error.strerror}); reinstall Fairhold.") from None
    if done.returncode != 0:
        raise EngineError((done.stderr or done.stdout).strip())
    return done.stdout + done.stderr


def pid_of(places: Places) -> int | None:
    """The process that serves this data folder, or None. A process that only bears the same number is not it."""
    noted = _noted(places.data)
    return int(noted[0]) if noted and _serves(int(noted[0]), places.data) else None


def is_ours(places: Places) -> bool:
    """Whether the server on this data folder was started for this home: it then listens where we told it to."""
    noted = _noted(places.data)
    return len(noted) > 4 and noted[4] == str(places.socket())


def check_ours(places: Places) -> None:
    """Refuse to go on when the server on this data folder is not the one this home started."""
    if not is_ours(places):
        raise EngineError(
            f"Another PostgreSQL server (process {pid_of(places)}) already runs on the data folder {places.data}. "
            "Stop it, or set FAIRHOLD_HOME to another folder."
        )


def start(binaries: Binaries, places: Places) -> None:
    """Start the server and wait until it takes connections; what a killed server left behind is cleared first."""
    _check_folder(places.data, binaries.major)
    _clear_remains(places)
    socket = socket_folder(places)
    try:
        config.write(places.data, socket, binaries.major)
        places.log.unlink(missing_ok=True)
        command = [binaries.program("pg_ctl"), "start", "--wait", "--silent", "--timeout=120"]
        run([*command, f"--pgdata={places.data}", f"--log={places.log}"], places.account, cwd=places.ground)
    except (EngineError, OSError) as error:
        raise EngineError(why_not(places, str(error))) from None


def stop(binaries: Binaries, places: Places) -> None:
    """Stop the server; sessions still open are ended, what they committed is kept."""
    command = [binaries.program("pg_ctl"), "stop", "--mode=fast", "--wait", "--silent", f"--timeout={SHUTDOWN}"]
    run([*command, f"--pgdata={places.data}"], places.account, cwd=places.ground)
    socket = places.socket()
    if socket is not None and socket.is_dir() and not any(socket.iterdir()):
        socket.rmdir()


def end(places: Places, pid: int | None) -> None:
    """End a server whose own files may be gone, so that its programs can no longer stop it, and wait until it has."""
    if pid and _serves(pid, places.data):
        os.kill(pid, signal.SIGQUIT)
        deadline = time.monotonic() + SHUTDOWN
        while _serves(pid, places.data) and time.monotonic() < deadline:
            time.sleep(0.05)


def why_not(places: Places, words: str) -> str:
    """One sentence for people from the server's log and its launcher's words."""
    log = places.log.read_text(errors="replace") if places.log.exists() else ""
    everything = f"{log}\n{words}"
    if tells_of_full_disk(everything):
        return DISK_FULL
    if "already exists" in everything and "postmaster" in everything:
        return f"Another PostgreSQL server already runs on the data folder {places.data}. Stop it first."
    return (
        f"PostgreSQL does not start on the data folder {places.data}: {reason(everything)}. "
        "Restore the folder from a backup, or set FAIRHOLD_HOME to a new folder."
    )


def tells_of_full_disk(words: str) -> bool:
    """Whether PostgreSQL's words mean that there is no room: a short write has its own message."""
    return any(sign in words for sign in ("No space left on device", "Disk quota exceeded", "Check free disk space"))


def reason(words: str) -> str:
    """The most telling line of what PostgreSQL said, without its time and its full stop."""
    for level in ("PANIC|FATAL", "ERROR|error", "LOG"):
        found = re.findall(rf"(?:{level}):\s*(.+)", words)
        if found:
            return str(found[0]).rstrip(".")
    return next((line.rstrip(".") for line in words.splitlines() if line.strip()), "it gave no reason")


def _check_folder(data: Path, major: int) -> None:
    version = data / "PG_VERSION"
    found = version.read_text().strip() if version.is_file() else ""
    if not found or not (data / "global" / "pg_control").is_file():
        raise EngineError(
            f"The data folder {data} is damaged: files of PostgreSQL are missing. Restore it from a backup, or set "
            "FAIRHOLD_HOME to a new folder."
        )
    if found != str(major):
        raise EngineError(
            f"The data folder {data} was made by PostgreSQL {found}, these programs are version {major}. "
            f"Set FAIRHOLD_POSTGRES_BIN to the programs of version {found}."
        )


def _noted(data: Path) -> list[str]:
    """The lines of postmaster.pid: process, data folder, start, port, socket folder, addresses, memory, state."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []
    return lines if lines and lines[0].strip().isdigit() else []


def _serves(pid: int, data: Path) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    if not Path("/proc/self/stat").exists():
        return True
    return _works_in(pid, data)


def _works_in(pid: int, data: Path) -> bool:
    """On Linux: the process is no zombie, and its working folder is the data folder (PostgreSQL's always is)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        folder = os.readlink(f"/proc/{pid}/cwd").removesuffix(" (deleted)")
        return state != "Z" and folder == str(data.resolve())
    except OSError:
        return False


def _clear_remains(places: Places) -> None:
    """After a kill: wait for the server's children to notice, then drop a pid file that names someone else."""
    noted = _noted(places.data)
    if not noted:
        return
    deadline = time.monotonic() + 20
    while any(_works_in(int(name), places.data) for name in os.listdir("/proc") if name.isdigit()):
        if time.monotonic() > deadline:
            raise EngineError(
                f"Processes of a killed PostgreSQL server still work in {places.data}. End them, then try again."
            )
        time.sleep(0.05)
    # PostgreSQL clears the file of a dead process itself, but takes a zombie or a stranger of that number as alive
    (places.data / "postmaster.pid").unlink(missing_ok=True)
