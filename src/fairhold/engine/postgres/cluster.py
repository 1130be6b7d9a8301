"""Makes a new cluster: beside its place first, then moved there whole, so a crash never leaves half of one."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from fairhold.engine.errors import DISK_FULL, EngineError
from fairhold.engine.postgres import config
from fairhold.engine.postgres.binaries import Binaries
from fairhold.engine.postgres.files import read_record, write_record
from fairhold.engine.postgres.places import Places, give
from fairhold.engine.postgres.server import reason, run, tells_of_full_disk

ROOM_NEEDED_MB = 300  # an empty cluster with its write-ahead log, and room to begin


def passwords(places: Places) -> dict[str, str]:
    """The logins' passwords; made on first use, and never without them once there are data."""
    known = read_record(places.passwords)
    if known:
        return known
    if places.data.exists():
        raise EngineError(
            f"The passwords file {places.passwords} is missing, so nobody can log in to the data in {places.data}. "
            "Put the file back from a backup."
        )
    made = {name: secrets.token_urlsafe(24) for name in ("bootstrap", *config.ROLES)}
    write_record(places.passwords, made)
    return made


def make(binaries: Binaries, places: Places, room_needed_mb: int = ROOM_NEEDED_MB) -> None:
    """Make the data folder with its logins and its database, unless it stands."""
    if places.data.exists():
        return
    free = shutil.disk_usage(places.ground).free // 2**20
    if free < room_needed_mb:
        raise EngineError(
            f"The disk of {places.ground} has {free} MiB free; a new database needs {room_needed_mb} MiB. "
            "Free some space, or set FAIRHOLD_HOME to a folder on another disk."
        )
    building = places.ground / "data.new"
    shutil.rmtree(building, ignore_errors=True)
    try:
        _build(binaries, places, building)
    except (EngineError, OSError) as error:
        shutil.rmtree(building, ignore_errors=True)
        raise EngineError(_why(places, str(error))) from None
    building.rename(places.data)


def _build(binaries: Binaries, places: Places, building: Path) -> None:
    secret = passwords(places)
    _initdb(binaries, places, building, secret["bootstrap"])
    cluster, inside = config.first_statements(secret)
    for database, script in (("postgres", cluster), (config.DATABASE, inside)):
        command = [binaries.program("postgres"), "--single", "-j", "-D", str(building), database]
        said = run(command, places.account, cwd=places.ground, text_in=script)
        if "ERROR:" in said or "FATAL:" in said:
            raise EngineError(said)


def _initdb(binaries: Binaries, places: Places, building: Path, password: str) -> None:
    file = places.ground / f".first-{os.getpid()}"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w") as out:
            out.write(password + "\n")
        give(file, places.account)
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if binaries.major >= 17 else []
        command = [binaries.program("initdb"), f"--pgdata={building}", f"--username={config.BOOTSTRAP}"]
        command += ["--auth=scram-sha-256", f"--pwfile={file}", "--encoding=UTF8", "--data-checksums"]
        command += ["--locale=C" if locale else "--locale=C.UTF-8", *locale, "--no-instructions"]
        run(command, places.account, cwd=places.ground)
    finally:
        file.unlink(missing_ok=True)


def _why(places: Places, words: str) -> str:
    if tells_of_full_disk(words):
        return DISK_FULL
    return f"A new database cannot be made in {places.ground}: {reason(words)}."
