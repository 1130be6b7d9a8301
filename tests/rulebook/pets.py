"""A made-up return with two tables, for tests of the rulebook that are not about a real return."""

from __future__ import annotations

import os
from pathlib import Path

from fairhold.rulebook.domain import DATE, Column, Return, RuleSet, Table

TABLES = (
    Table("Pets", (Column("NAME"), Column("OWNER"), Column("BORN", DATE), Column("DEC", DATE))),
    Table("Owners", (Column("OWNER"), Column("BORN", DATE), Column("TAX", derived="the Licences table"))),
)


def declared(folder: Path) -> Return:
    """The return, with its pages in a folder."""
    (folder / "rules").mkdir(exist_ok=True)
    (folder / "views").mkdir(exist_ok=True)
    return Return("pets", "Pets", "tests.rulebook.pets", folder, lambda: TABLES)


def page(code: str, sql: str, fields: str = "Pets.NAME", *, view: bool = False, more: str = "") -> str:
    """A page with that SQL; its drawn example is not meant to be run."""
    head = f"view: {code}\n" if view else f'code: "{code}"\nseverity: error\nfields: [{fields}]\n'
    return (
        f"---\n{head}title: Made up\ncollections: {{from: 2023}}\nsource: made up\nreviewed: 2026-11-23\n{more}"
        f"examples: 2027\n---\nMade up.\n\n```sql\n{sql}\n```\n| Pets: NAME | fault |\n|---|---|\n| Rex | |\n"
    )


def compiled(
    folder: Path, rules: dict[str, str], views: dict[str, str] | None = None, engine: str = "duckdb"
) -> RuleSet:
    """Write pages and compile them. A rule's SQL may begin with its fields and a bar: `Pets.BORN | BORN is null`."""
    from fairhold.rulebook.compiling import compile_return
    from fairhold.rulebook.document import read_folder

    of = declared(folder)
    for code, text in rules.items():
        fields, bar, sql = text.partition("|")
        fields, sql = (fields.strip(), sql.strip()) if bar else ("Pets.NAME", text)
        (folder / "rules" / f"{code}.md").write_text(page(code, sql, fields))
    for code, sql in (views or {}).items():
        (folder / "views" / f"{code}.md").write_text(page(code, sql, view=True))
    return compile_return(of, read_folder(folder / "rules"), read_folder(folder / "views"))[engine]


def __getattr__(name: str) -> Return:
    """RETURN is declared over the folder in PETS, so that a process of its own finds it."""
    if name != "RETURN":
        raise AttributeError(name)
    return declared(Path(os.environ["PETS"]))
