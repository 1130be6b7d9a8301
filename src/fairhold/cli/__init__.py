"""The one door for commands. A command's module is imported only when called: `check` and `decide` must start fast."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from fairhold.errors import PlainError

# command: (module, one line of help). `fairhold --help` and docs/reference/commands.md are made from this table.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("fairhold.cli.demo", "Build a made-up borough, run its day, and serve the pages."),
    "serve": ("fairhold.cli.serve", "Serve the pages on this machine."),
    "synth": ("fairhold.cli.synth", "Write a made-up borough as real files, with an answer key."),
    "ingest": ("fairhold.cli.ingest", "Take files in: recognise, keep, check, store."),
    "feeds": ("fairhold.cli.feeds", "Show whose files have come and whose are missing."),
    "read": ("fairhold.cli.read", "Say what a file holds, without storing anything."),
    "identity": ("fairhold.cli.identity", "Join records of one child, review doubts, undo."),
    "check": ("fairhold.cli.check", "Check the files of a return against its rules."),
    "rules": ("fairhold.cli.rules", "List, show, test or compile the rules of a return."),
    "decide": ("fairhold.cli.decide", "Decide what a recipient may have, field by field."),
    "share": ("fairhold.cli.share", "Propose, approve, send and trace a share."),
    "dispose": ("fairhold.cli.dispose", "Show what is due for disposal, why, and what blocks it."),
    "ledger": ("fairhold.cli.ledger", "Verify the ledger, print a checkpoint, export it."),
    "vault": ("fairhold.cli.vault", "List and check every kept file."),
    "prove": ("fairhold.cli.prove", "Show which promises of the notice are proven, and by which test."),
    "sources": ("fairhold.cli.sources", "Register and list sources of data."),
    "users": ("fairhold.cli.users", "Register and list accounts of staff."),
    "migrate": ("fairhold.cli.migrate", "Bring the store up to date."),
    "docs": ("fairhold.cli.docs", "Write the generated pages of the manual."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when first asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command and return it; None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        import typer  # noqa: PLC0415

        app = import_module(COMMANDS[cmd_name][0]).app
        command = app if isinstance(app, click.Command) else typer.main.get_command(app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands from the table, importing none of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


root = LazyGroup(
    name="fairhold",
    help="Takes in, checks, shares and disposes of children's data, and proves what the privacy notice promises.",
)


def main() -> None:
    """Run a command. A fault that carries a sentence for people is printed as that sentence, and the exit code is 2."""
    try:
        root(prog_name="fairhold")
    except PlainError as error:
        sys.stderr.write(f"{error.sentence}\n")
        sys.exit(2)
