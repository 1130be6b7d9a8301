"""`fairhold rules list|show|test|compile`: the documents that are the rules of a return."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from fairhold.errors import PlainError
from fairhold.returns import MODULES, declared
from fairhold.rulebook.compiled import load
from fairhold.rulebook.domain import Return

app = typer.Typer(add_completion=False, no_args_is_help=True, help="List, show, test or compile the rules of a return.")
Name = Annotated[str, typer.Option("--return", help="The return, such as ssda903.")]
Year = Annotated[int | None, typer.Option(help="The collection year: 2027 is the year to 31 March 2027.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def _declared(name: str) -> Return:
    if name not in MODULES:
        raise PlainError(f"{name} is no return with rules; use one of {', '.join(MODULES)}.")
    return declared(name)


@app.command("list")
def list_rules(name: Name, year: Year = None, as_json: Json = False) -> None:
    """One line per rule in force: code, severity, title."""
    rules = load(_declared(name))
    in_force = sorted((rules.year(year) if year else rules).rules, key=lambda rule: (rule.code, rule.first))
    if as_json:
        keys = ("code", "severity", "title")
        sys.stdout.write(json.dumps([{k: getattr(r, k) for k in keys} for r in in_force], ensure_ascii=False) + "\n")
        return
    for rule in in_force:
        sys.stdout.write(f"{rule.code}  {rule.severity}  {rule.title}\n")


@app.command("show")
def show(
    code: Annotated[str | None, typer.Argument(help="The code of a rule or the name of a shared view.")] = None,
    name: Name = "ssda903",
    everything: Annotated[bool, typer.Option("--all", help="Every rule and shared view, as one manual page.")] = False,
    engine: Annotated[str | None, typer.Option(help="The SQL for duckdb, postgres or spark instead.")] = None,
) -> None:
    """Print a rule's page, or the SQL it compiles to."""
    from fairhold.rulebook import manual  # noqa: PLC0415

    of = _declared(name)
    if everything:
        sys.stdout.write(manual.whole([of]))
        return
    if code is None:
        raise PlainError("Name a rule's code, or use --all.")
    found = manual.sql_of(load(of, engine), code) if engine else manual.pages_of(of, code)
    if not found:
        raise PlainError(f"{name} has no rule or view {code}; see fairhold rules list --return {name}.")
    sys.stdout.write("\n".join(found))


@app.command("test")
def run_examples(
    name: Name = "ssda903", code: Annotated[str | None, typer.Argument(help="Only this rule or view.")] = None
) -> None:
    """Run the drawn examples of every page. Exit code 1 when one comes out otherwise than drawn."""
    from fairhold.returns.workbench import open_bench  # noqa: PLC0415
    from fairhold.rulebook import examples, manual  # noqa: PLC0415

    of = _declared(name)
    rules = load(of)
    documents = [d for d in manual.documents(of) if code in (None, d.code)]
    said: list[str] = []
    for document in documents:
        con = open_bench()
        said += examples.failures(con, rules, [document])
        con.close()
    for sentence in said:
        sys.stdout.write(f"{sentence}\n")
    sys.stdout.write(f"{len(documents)} pages tested, {len(said)} examples came out otherwise than drawn.\n")
    sys.exit(1 if said else 0)


@app.command("compile")
def compile_rules() -> None:
    """Check every page and compile it for each engine."""
    from fairhold.rulebook.build import build  # noqa: PLC0415

    for name in MODULES:
        files = build(_declared(name))
        sys.stdout.write(f"{name}: compiled for {len(files)} engines.\n")
