"""`fairhold prove`: the notice's promises, how each is kept, and the test that shows it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Annotated

import typer

from fairhold import proof
from fairhold.proof.domain import results_file, source_tree

app = typer.Typer(add_completion=False)


def _run_tests() -> None:
    tree = source_tree()
    if not (tree / "tests").is_dir():
        sys.stderr.write("The tests travel with the source: clone it and type make test, then fairhold prove.\n")
        raise typer.Exit(2)
    sys.stderr.write("Running the tests that prove the obligations…\n")
    command = [sys.executable, "-m", "pytest", "-m", "proves", "-n", "2", "--dist", "loadfile", str(tree / "tests")]
    subprocess.run(command, cwd=tree, check=False, stdout=sys.stderr)


@app.command()
def prove(
    run: Annotated[bool, typer.Option("--run", help="Run the tests now, also when results are there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show each obligation of the privacy notice: what Fairhold does, by which tests, with what last result.

    Exit 0: nothing failed. 1: an obligation that is implemented has a failed or missing test. 2: no tests to run.
    """
    if run or not results_file().exists():
        _run_tests()
    found = proof.obligations()
    if as_json:
        rows = [
            {
                "id": item.id,
                "section": item.section,
                "promise": item.promise,
                "how": item.how,
                "state": item.state.value,
                "tests": {test.name: test.outcome for test in item.tests},
            }
            for item in found
        ]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        _table(found)
    bad = {proof.State.FAILED, proof.State.NOT_RUN}
    raise typer.Exit(1 if any(item.state in bad for item in found) else 0)


def _table(found: list[proof.Obligation]) -> None:
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, show_lines=False)
    for heading, ratio in (("id", 5), ("promise", 40), ("what Fairhold does", 40), ("tests", 30), ("result", 12)):
        table.add_column(heading, ratio=ratio, overflow="fold")
    for item in found:
        names = [test.name.split("::", 1)[-1] for test in item.tests]
        more = [f"and {len(names) - 2} more"] if len(names) > 2 else []
        table.add_row(item.id, item.promise, item.how, "\n".join(names[:2] + more), item.state.value)
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    counts = proof.summary(found)
    console.print("\n" + ", ".join(f"{count} {state.value}" for state, count in counts.items() if count))
