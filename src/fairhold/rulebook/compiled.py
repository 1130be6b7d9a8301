"""Compiled rules on disk: written when the package is built, loaded when rules run. Loads no SQL compiler.

In a source tree a page may have changed since: then the rules are compiled again in a process of their own.
"""

from __future__ import annotations

import json
import os
import sys
import zlib
from pathlib import Path
from typing import Any, Final

from fairhold.rulebook.domain import Column, CompiledRule, CompiledView, Return, RuleError, RuleSet, Table

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE / "compiled"
COMPILER: Final = ("compiled.py", "compiling.py", "document.py", "domain.py", "functions.py", "names.py")


def load(declared: Return, engine: str = "duckdb") -> RuleSet:
    """The compiled rules of a return for one engine; in a source tree, made anew first when a page has changed."""
    file = FOLDER / f"{declared.name}.{engine}.json"
    data = _read(file)
    if data is None or (_in_source_tree() and not _fresh(declared, data, file)):
        data = _compile_apart(declared, engine)
    return _rule_set(data)


def save(declared: Return, rule_sets: dict[str, RuleSet], folder: Path = FOLDER) -> list[Path]:
    """Write one file per engine, each in one step; returns them."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = pages_of(declared)
    head = {"digest": digest(pages), "stamp": _stamp(pages)}
    written = []
    for engine, rules in rule_sets.items():
        file = folder / f"{declared.name}.{engine}.json"
        _write(file, head | _plain(rules))
        written.append(file)
    return written


def pages_of(declared: Return) -> list[Path]:
    """Every file whose change makes compiled rules stale: the pages, the declaration, the compiler."""
    found = [*(HERE / name for name in COMPILER), *declared.sources]
    folders = (declared.folder / declared.pages, declared.folder / "views")
    for folder in (*folders, declared.folder):
        if folder.is_dir():
            ending = ".py" if folder == declared.folder else ".md"
            found += (Path(entry.path) for entry in os.scandir(folder) if entry.name.endswith(ending))
    return sorted(found)


def digest(pages: list[Path]) -> str:
    """A hash of the names and contents of those files."""
    import hashlib  # noqa: PLC0415 (not needed when nothing has changed)

    whole = hashlib.sha256()
    for page in pages:
        whole.update(page.name.encode() + b"\0" + page.read_bytes() + b"\0")
    return whole.hexdigest()


def _stamp(pages: list[Path]) -> str:
    """Names, sizes and times of change: equal stamps mean equal contents, without reading them."""
    facts = [(str(page), s.st_size, s.st_mtime_ns) for page in pages for s in [page.stat()]]
    return f"{len(facts)}-{zlib.crc32(repr(facts).encode()):08x}"


def _in_source_tree() -> bool:
    return (HERE.parents[2] / "pyproject.toml").is_file()


def _fresh(declared: Return, data: dict[str, Any], file: Path) -> bool:
    pages = pages_of(declared)
    stamp = _stamp(pages)
    if data["stamp"] == stamp:
        return True
    if data["digest"] != digest(pages):
        return False
    if os.access(file, os.W_OK):
        _write(file, data | {"stamp": stamp})
    return True


def _compile_apart(declared: Return, engine: str) -> dict[str, Any]:
    import subprocess  # noqa: PLC0415 (hardly ever needed)
    import tempfile  # noqa: PLC0415

    kept = FOLDER if os.access(FOLDER if FOLDER.exists() else HERE, os.W_OK) else None
    folder = str(kept or tempfile.mkdtemp(prefix="fairhold-rules-"))
    sys.stderr.write(f"The rules of {declared.name} have changed since they were compiled; compiling them again.\n")
    command = [sys.executable, "-m", "fairhold.rulebook.build", folder, declared.module]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sentence = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise RuleError(f"The rules of {declared.name} cannot be compiled: {sentence}")
    data = _read(Path(folder) / f"{declared.name}.{engine}.json")
    if data is None:
        raise RuleError(f"The compiled rules of {declared.name} cannot be read; run: fairhold rules compile")
    return data


def _read(file: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return None
    return found


def _write(file: Path, data: dict[str, Any]) -> None:
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    aside.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    aside.replace(file)


def _plain(rules: RuleSet) -> dict[str, Any]:
    return {
        "name": rules.name,
        "engine": rules.engine,
        "tables": [[table.name, [[c.name, c.type, c.derived] for c in table.columns]] for table in rules.tables],
        "rules": [vars(rule) for rule in rules.rules],
        "views": [vars(view) for view in rules.views],
        "sent": rules.sent,
    }


def _pairs(items: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in items)


def _rule_set(data: dict[str, Any]) -> RuleSet:
    return RuleSet(
        name=data["name"],
        engine=data["engine"],
        tables=tuple(Table(name, tuple(Column(*column) for column in columns)) for name, columns in data["tables"]),
        rules=tuple(_rule(item) for item in data["rules"]),
        views=tuple(
            CompiledView(**item | {key: tuple(item[key]) for key in ("uses", "columns")}) for item in data["views"]
        ),
        sent=_pairs(data["sent"]),
    )


def _rule(item: dict[str, Any]) -> CompiledRule:
    lists = {key: tuple(item[key]) for key in ("outputs", "optional", "views")}
    reads = {table: tuple(columns) for table, columns in item["reads"].items()}
    return CompiledRule(**item | lists | {"fields": _pairs(item["fields"]), "reads": reads})
