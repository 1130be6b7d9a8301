"""`fairhold docs`: the pages of the manual that are made from the code and its data, so that they cannot drift."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold import access, catalogue, governance, proof
from fairhold.access.doors import doors
from fairhold.access.errands import errands
from fairhold.cli import COMMANDS, load
from fairhold.proof.domain import source_tree

app = typer.Typer(add_completion=False)
SOURCES = {"ctf": "transfer file", "ssda903": "SSDA903", "cin": "children in need", "ssd": "extract (SSD)"}
MADE = "<!-- Made by `fairhold docs`; change the data it is made from, not this page. -->\n\n"


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


def _table(*heads: str) -> str:
    return _row(*heads) + _row(*("---" for _ in heads))


def _help(command: Any, name: str) -> Iterator[str]:
    yield f"\n## `{name}`\n\n{' '.join((command.help or '').split())}\n"
    if hasattr(command, "commands"):
        for child, found in command.commands.items():
            yield from _help(found, f"{name} {child}")
        return
    context = command.context_class(command, info_name=name)
    params = [param for param in command.get_params(context) if param.name != "help"]
    if params:
        yield "\n" + _table("argument or option", "meaning")
    for param in params:
        shown = (
            ", ".join(param.opts + param.secondary_opts) if param.param_type_name == "option" else param.name.upper()
        )
        yield _row(f"`{shown}`", " ".join((getattr(param, "help", "") or "").split()))


def commands() -> str:
    """Every command with its arguments."""
    parts = ["# Commands\n\nExit codes: 0 fine; 1 ran, and found faults; 2 could not run (one sentence says why).\n"]
    for name in COMMANDS:
        parts += _help(load(name), f"fairhold {name}")
    return MADE + "".join(parts)


def dictionary() -> str:
    """Every stored table and field."""
    parts = [
        "# Data dictionary\n\nEvery fact Fairhold may hold. A fact also says which delivery and line it came from,\n"
        "when it held and when it was known.\n"
    ]
    for table in catalogue.tables():
        parts.append(
            f"\n## {table.title}\n\n`{table.name}` · {table.domain} · class: {table.klass} · category: {table.category}"
            f" · retention: {table.retention}\n\nPurposes: {', '.join(table.purposes)}.\n\n"
        )
        parts.append(_table("field", "meaning", "code set", "collected", *SOURCES.values()))
        parts += [
            _row(
                f"`{f.name}`",
                f.title,
                ", ".join(f.codesets),
                f.collected,
                *(f.told(kind).replace("|", " or ") for kind in SOURCES),
            )
            for f in table.fields
        ]
    return MADE + "".join(parts)


def permissions() -> str:
    """Roles, their purposes, and the doors each purpose opens."""
    parts = [
        "# Roles, purposes and doors\n\nA person has one role and works under one purpose at a time.\n\n## Roles\n\n",
        _table("role", "job", "purposes"),
    ]
    parts += [_row(r.title, r.job(), ", ".join(p.slug for p in r.purposes())) for r in access.ROLES]
    parts += [
        f"\n## The daily run\n\n{access.Machine.job()} Each step opens only its own doors.\n\n",
        _table("step", "what it does", "doors", "purposes"),
    ]
    parts += [
        _row(one.title, one.says, ", ".join(f"`{name}`" for name in sorted(one.doors)), ", ".join(one.purposes))
        for one in errands().values()
    ]
    parts += [
        "\n## Purposes\n\n",
        _table("purpose", "what for", "lawful bases", "restricted people", "protected address"),
    ]
    yes = {True: "yes", False: "no"}
    parts += [
        _row(f"`{p.slug}`", p.job, " ".join(p.lawful_bases), yes[p.restricted], yes[p.protected])
        for p in governance.purposes()
    ]
    parts += [
        "\n## Doors\n\nEvery page, command, verb and export. A door without a purpose shows no data about anybody.\n\n",
        _table("door", "kind", "what", "purposes"),
    ]
    every = {p.slug for p in governance.purposes()}
    parts += [
        _row(
            f"`{d.name}`",
            d.kind,
            d.title,
            "any" if d.purposes == every else ", ".join(sorted(d.purposes)) or "none needed",
        )
        for d in sorted(doors().values(), key=lambda door: door.name)
    ]
    return MADE + "".join(parts)


def promises() -> str:
    """The 76 obligations and how each is kept; results belong to a machine and are not written here."""
    parts = [
        "# What the privacy notice promises\n\nThe result of each test on your machine: `fairhold prove`.\n\n",
        _table("id", "promise", "how Fairhold keeps it"),
    ]
    parts += [_row(o.id, o.promise, o.how or "*not implemented yet*") for o in proof.obligations({})]
    return MADE + "".join(parts)


def rules() -> dict[str, Callable[[], str]]:
    """The pages of rules, from the documents that run: one a return, and one that leads to them."""
    from fairhold.returns import MODULES, declared  # noqa: PLC0415
    from fairhold.rulebook import manual  # noqa: PLC0415

    returns = [declared(name) for name in MODULES]
    pages = {manual.page_name(one): partial(manual.of_return, one) for one in returns}
    return {"rules.md": partial(manual.contents, returns), **pages}


def measures() -> str:
    """Every measure's page, from the documents that run."""
    from fairhold.insight import manual  # noqa: PLC0415

    return manual.whole()


def pages() -> dict[str, Callable[[], str]]:
    """Every generated page by its file."""
    return {**PAGES, **rules()}


PAGES: dict[str, Callable[[], str]] = {
    "commands.md": commands,
    "data-dictionary.md": dictionary,
    "permissions.md": permissions,
    "obligations.md": promises,
    "measures.md": measures,
}


@app.command()
def docs(
    out: Annotated[
        Path | None, typer.Option(help="Where to write; the source tree's docs/reference by default.")
    ] = None,
) -> None:
    """Write the generated pages of the manual."""
    folder = out or source_tree() / "docs" / "reference"
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        (folder / name).write_text(page(), "utf-8")
        sys.stdout.write(f"Wrote {name}.\n")
