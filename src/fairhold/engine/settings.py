"""Where Fairhold lives and what it may use; read from the environment at each call, so tests can change it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Literal, get_args

from fairhold.engine.errors import EngineError

Login = Literal["owner", "web", "worker"]
LOGINS: Final[tuple[Login, ...]] = get_args(Login)

URL_VARIABLES: Final[dict[Login, str]] = {
    "owner": "FAIRHOLD_OWNER_DATABASE_URL",
    "web": "FAIRHOLD_DATABASE_URL",
    "worker": "FAIRHOLD_WORKER_DATABASE_URL",
}


def home_path() -> Path:
    """The folder all of Fairhold's own files lie in (`FAIRHOLD_HOME`, else `.demo` here); may not exist yet."""
    return Path(os.environ.get("FAIRHOLD_HOME") or ".demo").expanduser().absolute()


def home() -> Path:
    """As `home_path`, made with mode 0700 when it is missing. A folder that exists keeps its mode."""
    return _private(home_path())


def private_folder(*names: str) -> Path:
    """A folder inside home that only this account can open (0700), made when missing."""
    folder = home()
    for name in names:
        folder = _private(folder / name)
    return folder


def database_url(login: Login) -> str | None:
    """The address of the council's own PostgreSQL for one login, or None when the embedded one is to be used.

    As soon as one address is set, all logins need theirs: a half-set production must not fall back on a demo store.
    """
    if login not in LOGINS:
        raise EngineError(f"There is no database login {login!r}; use one of {', '.join(LOGINS)}.")
    given = {name: os.environ.get(variable) for name, variable in URL_VARIABLES.items()}
    if not any(given.values()):
        return None
    if not given[login]:
        others = " and ".join(URL_VARIABLES[name] for name in LOGINS if given[name])
        raise EngineError(
            f"{URL_VARIABLES[login]} is not set, though {others} is: set it to the address of the same database "
            f"for the {login} login."
        )
    return given[login]


def in_production() -> bool:
    """True when a database address is set, so that nothing meant for the demo may act."""
    return any(os.environ.get(variable) for variable in URL_VARIABLES.values())


def threads() -> int:
    """How many processor cores the columns engine may use (`FAIRHOLD_THREADS`, else those of this process)."""
    return _number("FAIRHOLD_THREADS", _cores())


def memory_limit_mb() -> int:
    """How much memory the columns engine may use, in MiB (`FAIRHOLD_MEMORY_MB`, else 1024)."""
    return _number("FAIRHOLD_MEMORY_MB", 1024)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _number(variable: str, otherwise: int) -> int:
    text = os.environ.get(variable)
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise EngineError(f"{variable} is {text!r}; give a whole number of 1 or more.")
    return int(text)


def _private(folder: Path) -> Path:
    try:
        if not folder.is_dir():
            folder.parent.mkdir(parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise EngineError(
            f"The folder {folder} cannot be made ({error.strerror}). Set FAIRHOLD_HOME to a folder you may write to."
        ) from error
    return folder
