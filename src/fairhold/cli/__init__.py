"""The one door for commands. A command's module is imported only when called: `check` and `decide` must start fast."""

from __future__ import annotations

import errno
import gc
import os
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import Any

import click

from fairhold.errors import PlainError

# command: (module, one line of help). `fairhold --help` and docs/reference/commands.md are made from this table.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("fairhold.cli.demo", "Build a made-up borough, run its day, and serve the pages."),
    "serve": ("fairhold.cli.serve", "Serve the pages on this machine."),
    "synth": ("fairhold.cli.synth", "Write a made-up borough as real files, with an answer key."),
    "ingest": ("fairhold.cli.ingest", "Take files in: recognise, keep, check, store."),
    "daily": ("fairhold.cli.daily", "Run everything that is due every day, for cron or a timer."),
    "feeds": ("fairhold.cli.feeds", "Show whose files have come and whose are missing."),
    "read": ("fairhold.cli.read", "Say what a file holds, without storing anything."),
    "identity": ("fairhold.cli.identity", "Join records of one child, review doubts, undo."),
    "check": ("fairhold.cli.check", "Check the files of a return against its rules."),
    "return": ("fairhold.cli.return_", "Check a return all year: findings, owners, explanations, differences."),
    "rules": ("fairhold.cli.rules", "List, show, test or compile the rules of a return."),
    "reference": ("fairhold.cli.reference", "Build or show the reference data that checks use."),
    "measures": ("fairhold.cli.measures", "Compute and show the measures of children's social care."),
    "decide": ("fairhold.cli.decide", "Decide what a recipient may have, field by field."),
    "policy": ("fairhold.cli.policy", "See, confirm and tighten law and policy, as at any day."),
    "choices": ("fairhold.cli.choices", "Record, withdraw and list what families choose."),
    "share": ("fairhold.cli.share", "Propose, approve, send and trace a share."),
    "ssd": ("fairhold.cli.ssd", "Take the social-care record out as the sector's dataset."),
    "dispose": ("fairhold.cli.dispose", "Show what is due for disposal, why, and what blocks it."),
    "ledger": ("fairhold.cli.ledger", "Verify the ledger, print a checkpoint, export it."),
    "vault": ("fairhold.cli.vault", "List and check every kept file."),
    "notice": ("fairhold.cli.notice", "Make the privacy notice, publish it, compare it with the system."),
    "prove": ("fairhold.cli.prove", "Show which promises of the notice are proven, and by which test."),
    "sources": ("fairhold.cli.sources", "Register and list sources of data."),
    "users": ("fairhold.cli.users", "Register and list accounts of staff."),
    "migrate": ("fairhold.cli.migrate", "Bring the store up to date."),
    "docs": ("fairhold.cli.docs", "Write the generated pages of the manual."),
}


@cache
def load(name: str) -> Any:
    """The command called `name`, imported now. Typer brings a copy of click of its own, so there is no common type."""
    app = import_module(COMMANDS[name][0]).app
    if isinstance(app, click.Command):
        return app
    from typer.main import get_command  # noqa: PLC0415  (slow to import: commands that must start fast use click)

    return get_command(app)


class Help(click.Group):
    """What `fairhold --help` shows: the table, importing none of the commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands with their line of help."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


root = Help(
    name="fairhold",
    help="Takes in, checks, shares and disposes of children's data, and proves what the privacy notice promises.",
)


def main() -> None:
    """Run a command. A fault that carries a sentence for people is printed as that sentence, and the exit code is 2."""
    look_for_circles_seldom()
    name = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        if name in COMMANDS:
            code = _run(load(name), sys.argv[2:], f"fairhold {name}")
        else:
            code = _run(root, sys.argv[1:], "fairhold")
    except PlainError as error:
        sys.stderr.write(f"{error.sentence}\n")
        code = 2
    except BrokenPipeError:  # whoever read what we print has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 2
    except Exception as error:
        sys.stderr.write(f"{_unforeseen(error)}\n")
        code = 2
    sys.exit(code)


def look_for_circles_seldom() -> None:
    """Let Python collect circles of objects after every 20,000 new ones and not after 700, as it does by itself.

    The whole borough in one list is half a million small objects with hardly a circle among them; looking takes a fifth
    of the time of such a list. Called once by a program, never by an import.
    """
    gc.set_threshold(20_000, 20, 10)


def _unforeseen(error: Exception) -> str:
    """The sentence for a fault nobody foresaw. It never quotes the fault's own words: they may hold personal data."""
    from fairhold import engine  # noqa: PLC0415  (most commands end well)

    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "The disk is full: free some space and run again."
    frames = [frame for frame in extract_tb(error.__traceback__) if f"{os.sep}fairhold{os.sep}" in frame.filename]
    place = f"{Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else "an unknown place"
    return engine.plain(error) or (
        f"Fairhold itself is at fault ({type(error).__name__} in {place}): what was not finished is not done."
        " Tell its keeper what stands here and what you asked for."
    )


def _run(command: Any, arguments: list[str], program: str) -> int:
    """The command's exit code. Misuse is said in one sentence, whichever copy of click noticed it."""
    try:
        code = command(arguments, prog_name=program, standalone_mode=False)
    except Exception as fault:
        if type(fault).__name__ == "Abort":
            sys.stderr.write("Stopped.\n")
            return 2
        if not hasattr(fault, "format_message"):
            raise
        said = fault.format_message()
        if type(fault).__name__ != "NoArgsIsHelpError":  # that one is the help itself, or was printed already
            said = f"{' '.join(said.split()).rstrip('.')}: see {program} --help."
        sys.stderr.write(f"{said}\n" if said else "")
        return 2
    return code if isinstance(code, int) else 0
