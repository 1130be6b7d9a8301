"""A made-up borough in a folder and in a store, for the measures that need one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from fairhold import access, intake
from fairhold.access import schema
from fairhold.cli.sources import from_csv

FAIRHOLD = Path(sys.executable).with_name("fairhold")
OFFICER = access.Actor(1, "Made-up officer", "data-officer")
ADMINISTRATOR = access.Actor(2, "Made-up administrator", "administrator")
SOCIAL_WORKER = access.Actor(3, "Made-up social worker", "social-worker")


def write(folder: Path, pupils: int) -> None:
    """Write the borough's files."""
    command = [str(FAIRHOLD), "synth", "--pupils", str(pupils), "--weeks", "2", "--out", str(folder), "--json"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def prepare_store(folder: Path) -> None:
    """Migrate the store, register the sources, take in the register of protected children."""
    schema.migrate(demo=True)
    with access.scope(ADMINISTRATOR, "administration") as scope:
        intake.add_sources(scope, sources=from_csv(folder / "registers" / "sources.csv"))
    intake.take_in(OFFICER, [folder / "registers" / "protection.csv"])


def size(paths: list[Path]) -> float:
    """Megabytes of some files."""
    return sum(path.stat().st_size for path in paths) / 1e6
