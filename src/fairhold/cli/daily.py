"""`fairhold daily`: what is due every day, for cron or a timer."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from fairhold import governance
from fairhold.cli.acting import account
from fairhold.engine import database
from fairhold.errors import PlainError

app = typer.Typer(add_completion=False)


@app.command()
def daily(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Run everything that is due every day, as the account of the machine. Exit 1: a step failed; the others ran.

    It may be killed anywhere and run again: nothing is done twice.
    """
    from fairhold import jobs  # noqa: PLC0415  (it knows every room)

    if not database.answers("worker"):
        raise PlainError("The database does not answer: nothing was run. See that it runs, and run this again.")
    titles = {purpose.slug: purpose.title for purpose in governance.purposes()}
    ran = []
    for one in jobs.run(account().actor()):
        ran.append(one)
        if not as_json:
            said = ", ".join(f"{count:,} {what}" for what, count in one.done.counts.items())
            sys.stdout.write(f"{one.errand.title} ({titles[one.purpose]}): {said or 'failed'}\n")
            sys.stdout.writelines(f"  {sentence}\n" for sentence in one.done.wrong)
            sys.stdout.flush()
    failed = [one for one in ran if one.done.wrong]
    if as_json:
        told = [
            {"step": r.errand.step, "purpose": r.purpose, **vars(r.done), "counts": dict(r.done.counts)} for r in ran
        ]
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    elif failed:
        steps = ", ".join(dict.fromkeys(one.errand.title for one in failed))
        sys.stdout.write(f"Failed: {steps}. Everything else ran. Mend what the sentences name, and run it again.\n")
    else:
        sys.stdout.write("Everything that is due every day has run.\n")
    sys.exit(1 if failed else 0)
