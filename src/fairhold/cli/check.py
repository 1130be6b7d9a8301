"""`fairhold check RETURN …`: every rule of a return over files, without a database. Loads no more than it needs."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from fairhold.returns import MODULES, declared
from fairhold.returns.checking import Checked, check
from fairhold.returns.files import CannotRun
from fairhold.returns.output import FORMATS, render, save, summary


class OneSentence(click.Command):
    """A command whose misuse is said in one sentence, like everything else that stops it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse, or raise CannotRun with what is wrong."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            raise CannotRun(f"{error.format_message()} See fairhold check --help.") from None


PATH = click.Path(path_type=Path)


@click.command(cls=OneSentence, help="Check the files of a return against its rules.")
@click.argument("name", metavar="RETURN")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=PATH)
@click.option("--year", type=int, required=True, help="The collection year: 2027 is the year to 31 March 2027.")
@click.option("--la", required=True, help="The authority's code: GSS such as E09000031; cin: three digits.")
@click.option("--previous", multiple=True, type=PATH, help="Last year's files or folder. May be repeated.")
@click.option("--reference", multiple=True, type=PATH, help="Reference files, for rules that need them.")
@click.option("--out", type=PATH, help="Where to write the findings.")
@click.option("--summary", "summary_to", type=PATH, help="Where to write the summary (JSON).")
@click.option("--format", "form", default="csv", type=click.Choice(FORMATS), help="The form of the findings.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def app(
    name: str,
    paths: tuple[Path, ...],
    year: int,
    la: str,
    previous: tuple[Path, ...],
    reference: tuple[Path, ...],
    out: Path | None,
    summary_to: Path | None,
    form: str,
    as_json: bool,
) -> None:
    """Run a check, write what was asked for, and end with 0 (nothing at error level) or 1."""
    _fit(name, la, reference)
    checked = check(name, year, la, list(paths), previous=list(previous))
    if out:
        save(out, render(checked, form))
    if summary_to:
        save(summary_to, summary(checked))
    sys.stdout.write(summary(checked).decode() if as_json else _sentence(checked))
    sys.exit(1 if checked.faulty else 0)


def _fit(name: str, la: str, reference: tuple[Path, ...]) -> None:
    if name not in MODULES:
        raise CannotRun(f"{name} is no return that can be checked; use one of {', '.join(MODULES)}.")
    code = declared(name).authority
    if not re.fullmatch(code.pattern, la):
        raise CannotRun(f"{la} is no {code.kind} of an authority; write one such as {code.example} after --la.")
    missing = next((path for path in reference if not path.exists()), None)
    if missing:
        raise CannotRun(f"{missing} is not there; check the path after --reference.")


def _sentence(checked: Checked) -> str:
    outcome = checked.outcome
    rules = len({fault.code for fault in outcome.faults})
    left = f", {len(checked.set_aside)} left out" if checked.set_aside else ""
    return (
        f"{len(outcome.ran)} rules run, {len(outcome.not_run)} not run; "
        f"{len(outcome.faults)} findings from {rules} rules{left}.\n"
    )
