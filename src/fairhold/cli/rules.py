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
Some = Annotated[str | None, typer.Option("--return", help="Only this return; without it, all.")]
Year = Annotated[int | None, typer.Option(help="The collection year: 2027 is the year to 31 March 2027.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def _declared(name: str) -> Return:
    if name not in MODULES:
        raise PlainError(f"{name} is no return with rules; use one of {', '.join(MODULES)}.")
    return declared(name)


def _chosen(name: str | None) -> list[Return]:
    return [_declared(each) for each in ([name] if name else MODULES)]


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
    name: Some = None,
    everything: Annotated[bool, typer.Option("--all", help="Every rule and shared view, as in the manual.")] = False,
    engine: Annotated[str | None, typer.Option(help="The SQL for duckdb, postgres or spark instead.")] = None,
) -> None:
    """Print a rule's page, or the SQL it compiles to."""
    from fairhold.rulebook import manual  # noqa: PLC0415

    returns = _chosen(name)
    if everything:
        sys.stdout.write("\n".join(map(manual.of_return, returns)))
        return
    if code is None:
        raise PlainError("Name a rule's code, or use --all.")
    found: list[str] = []
    for of in returns:
        found += manual.sql_of(load(of, engine), code) if engine else manual.pages_of(of, code)
    if not found:
        who = f"{name} has no" if name else "No return has a"
        raise PlainError(f"{who} rule or view {code}; see fairhold rules list --return NAME.")
    sys.stdout.write("\n".join(found))


@app.command("test")
def run_examples(
    code: Annotated[str | None, typer.Argument(help="Only this rule or view.")] = None, name: Some = None
) -> None:
    """Run the drawn examples of every page. Exit code 1 when one comes out otherwise than drawn."""
    from fairhold.returns.workbench import open_bench  # noqa: PLC0415
    from fairhold.rulebook import examples, manual  # noqa: PLC0415

    pages, said, bench = 0, 0, open_bench()
    for of in _chosen(name):
        rules = load(of)
        documents = [d for d in manual.documents(of) if code in (None, d.code)]
        for number, document in enumerate(documents, start=1):
            examples.clear(bench)
            failures = examples.failures(bench, rules, [document])
            said += len(failures)
            sys.stdout.write("".join(f"{sentence}\n" for sentence in failures))
            _progress(f"{of.name}: {number} of {len(documents)} pages", last=number == len(documents))
        pages += len(documents)
    sys.stdout.write(f"{pages} pages tested, {said} examples came out otherwise than drawn.\n")
    sys.exit(1 if said or not pages else 0)


def _progress(text: str, *, last: bool) -> None:
    """Say how far a run is, on one line of a terminal; a file or a pipe gets nothing."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}{chr(10) if last else ''}")
        sys.stderr.flush()


@app.command("compile")
def compile_rules() -> None:
    """Check every page and compile it for each engine."""
    from fairhold.rulebook.build import build  # noqa: PLC0415

    for name in MODULES:
        files = build(_declared(name))
        sys.stdout.write(f"{name}: compiled for {len(files)} engines.\n")
