"""The sets that are checked: made-up ones of any size, and small ones spoiled at random."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from bench.returns import spoil_cin, spoil_ssda903
from bench.returns.providers import write_providers
from bench.returns.running import BUILD, FAIRHOLD, YEAR, measured
from bench.returns.spoil import ROUGH, TIDY

CHILDREN = 1500  # in a set that is compared: the slower peer takes a quarter of a minute for it
SEEDS = {"tidy": (1, 2, 3), "rough": (4, 5, 6)}
KINDS = {
    "faults": "made-up children, with planted faults",
    "tidy": "spoiled cell by cell, but every row with its child and its dates, none twice",
    "rough": "spoiled with blanks, unreadable dates, doubled rows and children that stand nowhere else, in any order",
}


@dataclass(frozen=True)
class Case:
    """One set of both returns. `providers` is a list of Ofsted's providers for it."""

    name: str
    kind: str
    ssda903: Path
    cin: Path
    providers: Path | None = None


def made(children: int, faults: float = 1.0) -> Case:
    """A made-up set of so many children in each return, with planted faults."""
    folder = BUILD / "sets" / f"{'faults' if faults else 'clean'}-{children}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [
        FAIRHOLD,
        "synth",
        "--children",
        str(children),
        "--faults",
        str(faults),
        "--out",
        folder,
    ]
    measured(command, folder.with_suffix(".log"))
    census = folder / "in" / "children-in-need" / YEAR / "cin.xml"
    return Case(folder.name, "faults" if faults else "clean", folder / "in" / "social-care", census)


def compared() -> list[Case]:
    """The sets over which findings are compared, always the same."""
    clean = made(CHILDREN, faults=0)
    return [made(CHILDREN)] + [spoiled(clean, kind, seed) for kind, seeds in SEEDS.items() for seed in seeds]


def spoiled(clean: Case, kind: str, seed: int) -> Case:
    """A clean set spoiled at random, with a list of providers that fits it in most."""
    folder = BUILD / "sets" / f"{kind}-{seed}"
    shutil.rmtree(folder, ignore_errors=True)
    rough = ROUGH if kind == "rough" else TIDY
    spoil_ssda903.spoil(seed, clean.ssda903, folder / "social-care", rough)
    spoil_cin.spoil(seed, clean.cin, folder / "cin.xml", rough)
    providers = folder / "providers.xlsx"
    write_providers(seed, folder / "social-care" / YEAR / "episodes.csv", providers)
    return Case(folder.name, kind, folder / "social-care", folder / "cin.xml", providers)
