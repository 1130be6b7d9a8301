"""Fairhold and the published checkers, each in a process of its own: how long it took and how much memory it held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
BUILD = TREE / "build" / "bench-returns"  # the peers' environments, the sets, what was found; never committed
FAIRHOLD = Path(sys.executable).with_name("fairhold")
SCRIPTS = TREE / "bench" / "peers"
YEAR, LA_CODE, LA_NUMBER = "2027", "E09000031", "320"


@dataclass(frozen=True)
class Peer:
    """A published checker: where it comes from, and what it needs beside itself."""

    name: str
    version: str
    with_: tuple[str, ...] = ("numpy<2",)

    @property
    def python(self) -> Path:
        """The interpreter of its environment."""
        return BUILD / "peers" / self.name / "bin" / "python"


PEERS = {
    "ssda903": Peer("csc-validator-be-903", "0.1.17"),
    "cin": Peer("csc-validator-be-cin", "0.1.13"),
}


@dataclass(frozen=True)
class Used:
    """What one process took. `mib` is the most memory it held."""

    seconds: float
    mib: float


class Failed(Exception):
    """A process ended otherwise than it should; the text says which."""


def measured(command: Sequence[str | Path], log: Path, well: tuple[int, ...] = (0,)) -> Used:
    """Run a command to its end; what it says goes to the file `log`. Raises Failed for an exit code not in `well`."""
    home = BUILD / "home"  # without reference data of the person who runs this
    home.mkdir(parents=True, exist_ok=True)
    surroundings = {name: value for name, value in os.environ.items() if name != "FAIRHOLD_REFERENCE"}
    surroundings["FAIRHOLD_HOME"] = str(home)
    with log.open("wb") as out:
        began = time.perf_counter()
        started = subprocess.Popen(
            [str(part) for part in command], cwd=home, stdout=out, stderr=subprocess.STDOUT, env=surroundings
        )
        _, status, used = os.wait4(started.pid, 0)
        seconds = time.perf_counter() - began
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode not in well:
        raise Failed(f"{Path(command[0]).name} {command[1]} ended with {started.returncode}; see {log}")
    return Used(seconds, used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))


def prepare(peer: Peer) -> None:
    """Install a peer into an environment of its own, unless it is there; needs the package index."""
    if peer.python.exists():
        return
    folder = peer.python.parents[1]
    made = folder.with_name(folder.name + ".new")
    uv = TREE / ".env-uv" / "bin" / "uv"
    wanted = [f"{peer.name}=={peer.version}", *peer.with_]
    if uv.exists():
        subprocess.run([uv, "venv", "-q", "--clear", "-p", sys.executable, made], check=True)
        subprocess.run([uv, "pip", "install", "-q", "-p", made, *wanted], check=True)
    else:
        subprocess.run([sys.executable, "-m", "venv", "--clear", made], check=True)
        subprocess.run([made / "bin" / "pip", "install", "-q", *wanted], check=True)
    made.rename(folder)


def check_ssda903(data: Path, out: Path, *reference: Path) -> Used:
    """Fairhold over one set, from the shell to written findings."""
    command: list[str | Path] = [
        FAIRHOLD,
        "check",
        "ssda903",
        "--year",
        YEAR,
        "--la",
        LA_CODE,
        "--previous",
        data / "2026",
    ]
    for path in reference:
        command += ["--reference", path]
    command += ["--out", out.with_suffix(".csv"), "--summary", out.with_suffix(".json"), data / YEAR]
    return measured(command, out.with_suffix(".log"), well=(0, 1))


def check_cin(data: Path, out: Path) -> Used:
    """Fairhold over one census, from the shell to written findings."""
    command: list[str | Path] = [FAIRHOLD, "check", "cin", "--year", YEAR, "--la", LA_NUMBER]
    command += ["--out", out.with_suffix(".csv"), "--summary", out.with_suffix(".json"), data]
    return measured(command, out.with_suffix(".log"), well=(0, 1))


def peer_ssda903(data: Path, out: Path, providers: Path | None = None, *, apart: bool = False) -> Used:
    """The published checker over one set, from the shell to its findings in the file `out`."""
    command: list[str | Path] = [
        PEERS["ssda903"].python,
        SCRIPTS / "ssda903.py",
        data / YEAR,
        data / "2026",
        YEAR,
        LA_CODE,
        out,
    ]
    if providers:
        command += ["--providers", providers]
    return measured(command + ["--apart"] * apart, out.with_suffix(".log"))


def peer_cin(data: Path, out: Path) -> Used:
    """The published checker over one census, from the shell to its findings in the file `out`."""
    return measured([PEERS["cin"].python, SCRIPTS / "cin.py", data, YEAR, out], out.with_suffix(".log"))


def reference(providers: Path | None = None) -> Path:
    """The postcode directory of the peer as Fairhold's file of reference data, with a list of providers if given."""
    built = BUILD / "reference.duckdb"
    if not built.exists():
        directory = BUILD / "postcodes.csv"
        measured([PEERS["ssda903"].python, SCRIPTS / "postcodes.py", directory], BUILD / "postcodes.log")
        measured([FAIRHOLD, "reference", "build", directory, "--out", built], BUILD / "reference.log")
        directory.unlink()
    if providers is None:
        return built
    both = providers.with_suffix(".duckdb")
    both.write_bytes(built.read_bytes())
    measured([FAIRHOLD, "reference", "build", providers, "--out", both], providers.with_suffix(".log"))
    return both


def said(path: Path) -> dict[str, object]:
    """What a process wrote as JSON."""
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found
