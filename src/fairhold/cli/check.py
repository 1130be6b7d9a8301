"""`fairhold check RETURN …`: every rule of a return over files, without a database. Loads no more than it needs."""

from __future__ import annotations

import re
import sys
from datetime import date
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
@click.option("--year", type=int, help="The collection year: 2027 is the year to 31 March 2027.")
@click.option("--la", default="", help="The authority's code: GSS such as E09000031; cin: three digits.")
@click.option("--on", metavar="DATE", help="annex-a-send, which needs no year and no code: the day of the lists.")
@click.option("--previous", multiple=True, type=PATH, help="Last year's files or folder. May be repeated.")
@click.option("--reference", multiple=True, type=PATH, help="Reference files, for rules that need them.")
@click.option("--out", type=PATH, help="Where to write the findings.")
@click.option("--summary", "summary_to", type=PATH, help="Where to write the summary (JSON).")
@click.option("--format", "form", default="csv", type=click.Choice(FORMATS), help="The form of the findings.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def app(
    name: str,
    paths: tuple[Path, ...],
    year: int | None,
    la: str,
    on: str | None,
    previous: tuple[Path, ...],
    reference: tuple[Path, ...],
    out: Path | None,
    summary_to: Path | None,
    form: str,
    as_json: bool,
) -> None:
    """Run a check, write what was asked for, and end with 0 (nothing at error level) or 1."""
    _fit(name, la, reference)
    day = _day(name, on)
    rules_of = year or (day.year if day else 0)
    if not rules_of:
        raise CannotRun("The collection year is not named: write one such as --year 2027. See fairhold check --help.")
    checked = check(name, rules_of, la, list(paths), previous=list(previous), reference=reference, day=day)
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
    if not la and not re.fullmatch(code.pattern, la):
        raise CannotRun(f"The authority is not named: write its {code.kind} such as --la {code.example}.")
    if not re.fullmatch(code.pattern, la):
        raise CannotRun(f"{la} is no {code.kind} of an authority; write one such as {code.example} after --la.")
    missing = next((path for path in reference if not path.exists()), None)
    if missing:
        raise CannotRun(f"{missing} is not there; check the path after --reference.")


def _day(name: str, on: str | None) -> date | None:
    """The day of the lists, for a return that is made as at one; its year is the year of the rules."""
    if not declared(name).by_day:
        if on:
            raise CannotRun(f"{name} is checked for a collection year, not as at a day: leave --on out.")
        return None
    if not on:
        raise CannotRun(f"{name} is checked as at a day: write it after --on, such as --on 2026-11-23.")
    try:
        return date.fromisoformat(on)
    except ValueError:
        raise CannotRun(f"{on} is no date; write the day after --on as 2026-11-23.") from None


def _sentence(checked: Checked) -> str:
    outcome = checked.outcome
    rules = len({fault.code for fault in outcome.faults})
    left = f", {len(checked.set_aside)} left out" if checked.set_aside else ""
    return (
        f"{len(outcome.ran)} rules run, {len(outcome.not_run)} not run; "
        f"{len(outcome.faults)} findings from {rules} rules{left}.\n"
    )
