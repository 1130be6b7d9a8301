"""Sets up everything Fairhold needs in this folder, from Python 3.11 alone: `python3 tools/bootstrap.py [--tests]`.

Standard library only. Each step remembers a hash of what it was made from and is skipped while that is the same, so a
second run takes no time. One line per step. Exit code 2 with what to do when a step cannot be done.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

UV = "uv==0.13.9"
ROOT = Path(__file__).resolve().parent.parent
UV_ENV = ROOT / ".env-uv"
ENV = ROOT / ".venv"
PYTHON = ENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
PATIENCE = 900  # seconds a download step may take before it counts as hanging
NETWORK = "Check the network (or the proxy settings pip and uv use) and run make again; what came so far is kept."


class SetupError(Exception):
    """A step cannot be done; the message says why and what to do."""


def main(arguments: list[str]) -> int:
    """Do every step that is out of date; the browser only when the tests need it."""
    try:
        python_is_new_enough()
        step("uv", UV_ENV, [UV, sys.version], make_uv)
        step("packages", ENV, [LOCK, sys.version, str(ENV)], make_packages)
        step("fairhold", ENV, [LOCK, ROOT / "pyproject.toml", ROOT / "hatch_build.py", str(ROOT)], make_fairhold)
        style_sheets()
        if "--tests" in arguments:
            browser()
    except SetupError as error:
        print(f"\nSet-up stopped. {error}", file=sys.stderr)
        return 2
    return 0


def python_is_new_enough() -> None:
    """Refuse an older Python before anything is made with it."""
    if sys.version_info < (3, 11):  # noqa: UP036 (this file may be run by any Python)
        found = ".".join(map(str, sys.version_info[:3]))
        raise SetupError(f"This is Python {found}; Fairhold needs 3.11 or newer: make PYTHON=/path/to/python3.11 …")


def step(name: str, folder: Path, made_from: list[Path | str], make: Callable[[], None]) -> None:
    """Run one step unless its stamp in `folder` says it is current."""
    stamp = folder / f".{name}.stamp"
    wanted = digest(made_from)
    if stamp.is_file() and stamp.read_text() == wanted:
        say(name, "up to date")
        return
    print(f"{name}: ", end="", flush=True)
    began = time.monotonic()
    stamp.unlink(missing_ok=True)
    make()
    stamp.write_text(wanted)
    print(f"ready in {time.monotonic() - began:.0f} s")


def digest(made_from: list[Path | str]) -> str:
    """A hash of files and texts."""
    whole = hashlib.sha256()
    for part in made_from:
        whole.update((part.read_bytes() if isinstance(part, Path) else part.encode()) + b"\0")
    return whole.hexdigest()


def make_uv() -> None:
    """uv in an environment of its own, so that nothing of the machine is touched."""
    if not works([UV_ENV / "bin" / "uv", "--version"]):
        shutil.rmtree(UV_ENV, ignore_errors=True)
        run(
            [sys.executable, "-m", "venv", UV_ENV],
            "Python cannot make an environment here (on Debian and Ubuntu: apt-get install python3-venv).",
        )
        run(
            [UV_ENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV],
            f"pip could not install {UV}. {NETWORK}",
        )
    if not works([UV_ENV / "bin" / "uv", "--version"]):
        raise SetupError("uv was installed but does not run on this machine; delete .env-uv and try again.")


def make_packages() -> None:
    """Exactly the packages of the lock, each checked against its hash."""
    if not works([PYTHON, "--version"]):
        shutil.rmtree(ENV, ignore_errors=True)
        uv("venv", "--quiet", "--python", sys.executable, ENV, why="uv could not make the environment .venv.")
    uv(
        *("pip", "sync", "--quiet", "--python", PYTHON, "--require-hashes", LOCK),
        why=f"The packages of requirements.lock could not be installed. {NETWORK}",
    )
    (ENV / ".fairhold.stamp").unlink(missing_ok=True)  # it was not in the lock, so it has just been taken out


def make_fairhold() -> None:
    """Fairhold itself, from this folder; building it compiles the rules."""
    uv(
        *("pip", "install", "--quiet", "--python", PYTHON, "--no-deps", "--no-build-isolation", "--editable", ROOT),
        why="Fairhold itself could not be built.",
    )


def style_sheets() -> None:
    """What the pages look like, from npm; the tool skips itself when nothing changed."""
    tool = ROOT / "tools" / "assets.py"
    if not tool.is_file():
        return
    done = subprocess.run([PYTHON, tool], cwd=ROOT, check=False, timeout=PATIENCE)
    if done.returncode:
        raise SetupError(f"The style sheets could not be built. {NETWORK}")


def browser() -> None:
    """A Chromium for the tests that look at pages. Without one they say so; every other test still runs."""
    if os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser"):
        say("chromium", "up to date")
    elif os.geteuid() == 0 and shutil.which("apt-get"):
        print("chromium: ", end="", flush=True)
        began = time.monotonic()
        if debian(["update", "--quiet=2"]) and debian(["install", "--yes", "--quiet=2", "chromium"]):
            print(f"ready in {time.monotonic() - began:.0f} s")
        else:
            print("not installed: apt-get failed. Install Chromium yourself, or set CHROMIUM to its program.")
    else:
        say("chromium", "missing: install it (Debian: apt-get install chromium), or set CHROMIUM to its program.")


def debian(words: list[str]) -> bool:
    """Run apt-get; whether it did what was asked."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-o", "Acquire::Retries=2", "-o", "Acquire::http::Timeout=60", *words]
    try:
        done = subprocess.run(command, env=environment, capture_output=True, check=False, timeout=PATIENCE)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def uv(*words: object, why: str) -> None:
    """Run uv with enough patience for a slow index, and no more."""
    run([UV_ENV / "bin" / "uv", "--no-progress", *words], why)


def run(command: Sequence[object], why: str) -> None:
    """Run a command quietly; its last words and `why` are shown when it fails or hangs."""
    environment = {**os.environ, "UV_HTTP_TIMEOUT": os.environ.get("UV_HTTP_TIMEOUT", "180")}
    environment.pop("VIRTUAL_ENV", None)
    environment.pop("PYTHONPATH", None)
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        raise SetupError(f"{why} It gave no answer for {PATIENCE // 60} minutes.") from None
    except OSError as error:
        raise SetupError(f"{why} ({error.strerror}: {words[0]})") from None
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-12:]
        raise SetupError("\n".join([why, *(f"  | {line}" for line in last)]))


def works(command: Sequence[object]) -> bool:
    """Whether a program is there and runs."""
    try:
        done = subprocess.run([str(word) for word in command], capture_output=True, check=False, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def say(name: str, words: str) -> None:
    """One line for one step."""
    print(f"{name}: {words}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
