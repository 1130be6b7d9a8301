"""`fairhold policy`: the dated rows of law and policy: see, confirm, tighten, change by two people, travel in time."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from fairhold import policy
from fairhold.cli import policy_papers
from fairhold.cli.acting import acting
from fairhold.cli.policy_words import IG, AsJson, Begins, Purpose, day, needed, printed
from fairhold.errors import PlainError
from fairhold.policy import OwnRow, Seen
from fairhold.sharing import shape, trying

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="See, confirm and tighten law and policy, as at any day."
)
app.registered_commands += policy_papers.app.registered_commands

File = Annotated[str, typer.Argument(help="The file of rows, for example policy_recipients.")]
Key = Annotated[str, typer.Argument(help="What the row is about, as “policy show” lists it.")]
Cells = Annotated[list[str], typer.Option("--set", help="column=value; more than once for more columns.")]
Until = Annotated[str | None, typer.Option("--until", help="The day it ends; that day it counts no more.")]
Reason = Annotated[str, typer.Option(help="Why, and on what it rests.")]


@app.command("list")
def listed(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the files of law and policy: how many rows are confirmed here, and how many the council added."""
    with acting(purpose, otherwise=IG) as scope:
        found = policy.standing(scope)
    lines = [f"{one.file:<20}{one.rows:>5} rows  {one.confirmed:>4} confirmed  {one.own:>4} own" for one in found]
    printed([{**vars(one), "shipped": one.shipped} for one in found], as_json, "\n".join(lines))


@app.command()
def show(
    file: File,
    key: Annotated[str | None, typer.Argument(help="Only the row about this.")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The day to show; today where none is named.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show the rows in force on a day, each with whose it is: shipped, confirmed, or the council's own."""
    with acting(purpose, otherwise=IG) as scope:
        found = [one for one in policy.rows(scope, file=file, on=day(on)) if key in (None, one.key)]
    if key is not None and not found:
        raise PlainError(f"There is no row “{key}” in {file} on that day: leave the row out to see them all.")
    printed([_document(one) for one in found], as_json, "\n".join(_line(one, whole=key is not None) for one in found))


def _document(one: Seen) -> dict[str, Any]:
    return {"file": one.file, "key": one.key, "standing": one.standing, **one.row}


def _line(one: Seen, *, whole: bool) -> str:
    if whole:
        return "\n".join([f"{one.key}  ({one.standing})", *(f"  {name:<14}{text}" for name, text in one.row.items())])
    said = ", ".join(f"{name} {text}" for name, text in one.row.items() if text and name != "source")
    return f"{one.key:<28}{one.standing:<10} {said[:160]}"


@app.command()
def confirm(
    file: File, row: Key, note: Annotated[str, typer.Option(help="On what it rests.")], purpose: Purpose = None
) -> None:
    """Confirm a shipped row as it stands."""
    with acting(purpose, otherwise=IG) as scope:
        policy.confirm(scope, file=file, row=row, note=note)
    printed(None, False, f"The row “{row}” of {file} is confirmed.")


@app.command()
def tighten(
    file: File, key: Key, cells: Cells, begins: Begins, reason: Reason, until: Until = None, purpose: Purpose = None
) -> None:
    """Let less go from a day on. It counts from that day; what would let more go is refused."""
    _change(file, key, cells, begins, until, reason, purpose=purpose, only_tighter=True)


@app.command()
def change(
    file: File, key: Key, cells: Cells, begins: Begins, reason: Reason, until: Until = None, purpose: Purpose = None
) -> None:
    """Change a row from a day on. What may let more go waits until a second person wants it too."""
    _change(file, key, cells, begins, until, reason, purpose=purpose, only_tighter=False)


def _change(
    file: str,
    key: str,
    cells: list[str],
    begins: str,
    until: str | None,
    reason: str,
    *,
    purpose: str | None,
    only_tighter: bool,
) -> None:
    pairs = [cell.partition("=") for cell in cells]
    if not all(sign for _, sign, _ in pairs):
        raise PlainError("Write what to set as column=value, for example --set age_from=14.")
    with acting(purpose, otherwise=IG) as scope:
        made = policy.change(
            scope,
            file=file,
            key=key,
            cells={name: value for name, _, value in pairs},
            begins=needed(begins),
            until=day(until),
            reason=reason,
            only_tighter=only_tighter,
        )
    printed(None, False, _own_line(made))


def _own_line(one: OwnRow) -> str:
    period = f"from {one.from_date}" + (f" until {one.until_date}" if one.until_date else "")
    return f"{one.id:>4}  {one.state.value:<9}  {one.effect.value:<8}  {one.file} “{one.key}” {period}: {one.reason}"


@app.command()
def second(number: int, purpose: Purpose = None) -> None:
    """Want a waiting change as the second person. Whoever entered it cannot."""
    with acting(purpose, otherwise=IG) as scope:
        made = policy.second(scope, row=number)
    printed(None, False, _own_line(made))


@app.command()
def withdraw(number: int, purpose: Purpose = None) -> None:
    """Take back a change that waits or has not begun."""
    with acting(purpose, otherwise=IG) as scope:
        made = policy.withdraw(scope, row=number)
    printed(None, False, _own_line(made))


@app.command()
def changes(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the council's own changes, the newest first."""
    with acting(purpose, otherwise=IG) as scope:
        found = policy.changes(scope)
    printed([vars(one) for one in found], as_json, "\n".join(map(_own_line, found)) or "No change was made here.")


@app.command()
def at(
    on: Annotated[str, typer.Argument(help="The day, as 2026-11-23.")],
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Show all rows in force on a day, file by file."""
    then = needed(on)
    with acting(purpose, otherwise=IG) as scope:
        found = {file: policy.rows(scope, file=file, on=then) for file in policy.FILES}
    text = "\n".join(
        "\n".join([f"{file}:", *(f"  {_line(one, whole=False)}" for one in rows)]) for file, rows in found.items()
    )
    printed({file: [_document(one) for one in rows] for file, rows in found.items()}, as_json, text)


@app.command("try")
def try_(
    request: Annotated[Path, typer.Argument(help="A file with one made-up request in JSON, as for fairhold decide.")],
    on: Annotated[str | None, typer.Option("--on", help="Decide as on this day.")] = None,
    purpose: Purpose = None,
    as_json: AsJson = False,
) -> None:
    """Decide a made-up case by this council's own rows, and show which single fact would change the answer."""
    try:
        asked = shape.parse(request.read_bytes())
    except OSError as error:
        raise PlainError(f"{request} cannot be read: {(error.strerror or 'unknown reason').lower()}.") from None
    then = day(on)
    with acting(purpose, otherwise=IG) as scope:
        trial = trying.try_case(scope, request=asked if then is None else asked | {"on": then.isoformat()})
    answer = trial.answer.document()
    lines = [f"{name:<22}may go" for name in answer["allowed"]]
    lines += [f"{one['field']:<22}{one['rule']}: {one['reason']} {one['would_change']}" for one in answer["refused"]]
    lines += ["", "Were one thing otherwise:"] if trial.turns else []
    lines += [f"  {one.fact}: {_turned(one)}" for one in trial.turns]
    printed(answer | {"turns": [vars(one) for one in trial.turns]}, as_json, "\n".join(lines))


def _turned(one: trying.Turn) -> str:
    said = [("would go", one.opens), ("would not go", one.closes)]
    return "; ".join(f"{', '.join(names)} {what}" for what, names in said if names)
