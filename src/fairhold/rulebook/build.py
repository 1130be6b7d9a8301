"""Compile the rules of returns and keep the result: `python -m fairhold.rulebook.build FOLDER MODULE…`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from fairhold.rulebook.compiled import FOLDER, save
from fairhold.rulebook.compiling import compile_return
from fairhold.rulebook.document import read_folder
from fairhold.rulebook.domain import Return, RuleError


def build(declared: Return, folder: Path = FOLDER) -> list[Path]:
    """Compile one return's pages for every engine and write them; returns the files."""
    rules = read_folder(declared.folder / declared.pages)
    views = read_folder(declared.folder / "views") if (declared.folder / "views").is_dir() else []
    return save(declared, compile_return(declared, rules, views), folder)


def main(folder: str, *modules: str) -> int:
    """Compile the return declared as RETURN in each module. Exit code 2 with one sentence when one cannot be."""
    try:
        for module in modules:
            build(import_module(module).RETURN, Path(folder))
    except RuleError as error:
        sys.stderr.write(f"{error.sentence}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
