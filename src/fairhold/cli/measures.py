"""`fairhold measures …`: the measures of children's social care, computed for those who need no child."""

from __future__ import annotations

import json
import re
import sys
from datetime import datetime
from typing import Annotated, Any

import typer

from fairhold.cli.acting import acting
from fairhold.errors import PlainError
from fairhold.insight import computing, domain, figures, targets
from fairhold.insight.figures import Figure, Shown, Year

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Compute, show and test the measures of children's social care."
)
Purpose = Annotated[str | None, typer.Option(help="The purpose you act under; statistics where none is given.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Code = Annotated[str, typer.Argument(help="The measure, as fairhold measures list has it.")]
La = Annotated[
    str | None, typer.Option("--la", help="The authority's GSS code: with it, how far children are placed is counted.")
]


@app.command("list")
def list_measures(as_json: Json = False) -> None:
    """Every measure: code, unit, title; and every indicator that is left out, with the reason."""
    found = list(domain.measures().values())
    left_out = [row for row in domain.read_csv("indicators") if row["left_out"]]
    if as_json:
        keys = ("code", "title", "area", "unit", "period", "numerator", "denominator")
        told = {"measures": [{key: getattr(one, key) for key in keys} for one in found], "left_out": left_out}
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
        return
    for one in found:
        sys.stdout.write(f"{one.code:28}  {one.unit_words:24}  {one.title}\n")
    sys.stdout.write(f"{len(found)} measures. Left out are {len(left_out)} indicators:\n")
    for row in left_out:
        sys.stdout.write(f"  {row['area']}: {row['kpi']}. {row['left_out']}\n")


@app.command("define")
def define(code: Code) -> None:
    """Print a measure's page: what it counts, the query that runs, the drawn examples that test it."""
    sys.stdout.write(domain.find(code).document.path.read_text("utf-8"))


@app.command("test")
def run_examples(code: Annotated[str | None, typer.Argument(help="Only this measure or shared view.")] = None) -> None:
    """Count the drawn examples of every page. Exit code 1 when one comes out otherwise than drawn."""
    from fairhold.insight.tables import RETURN  # noqa: PLC0415
    from fairhold.returns.workbench import open_bench  # noqa: PLC0415
    from fairhold.rulebook import examples, manual  # noqa: PLC0415
    from fairhold.rulebook.compiled import load  # noqa: PLC0415

    pages = [page for page in manual.documents(RETURN) if code in (None, page.code)]
    said: list[str] = []
    for page in pages:
        con = open_bench()
        said += examples.failures(con, load(RETURN), [page], examples.LAST_DAY)
        con.close()
    sys.stdout.write("".join(f"{sentence}\n" for sentence in said))
    sys.stdout.write(f"{len(pages)} pages tested, {len(said)} examples came out otherwise than drawn.\n")
    sys.exit(1 if said or not pages else 0)


@app.command("compute")
def compute(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Count up to this day; up to today without it.")
    ] = None,
    la: La = None,
    purpose: Purpose = None,
    as_json: Json = False,
) -> None:
    """Count every measure for every year whose files were taken in, and publish what may be seen."""
    places = _places(la)
    with acting(purpose, otherwise="statistics") as scope:
        done = computing.compute(scope, on=on.date() if on else None, places=places)
    if as_json:
        sys.stdout.write(json.dumps(vars(done)) + "\n")
        return
    years = ", ".join(map(str, done.years)) or "no year, for no files of social care were taken in"
    sys.stdout.write(
        f"Run {done.run}: {done.counted} figures of measures counted for {years}; {done.not_run} could not be;"
        f" {done.changed} published figures are new or changed.\n"
    )


def _places(la: str | None) -> computing.Places | None:
    """How to look postcodes up, where a directory was built and the authority is known."""
    from fairhold.returns.ssda903 import distances  # noqa: PLC0415

    if la is None:
        return None
    if not re.fullmatch(r"[EWSN]\d{8}", la):
        raise PlainError(f"{la} is no GSS code of an authority; write one such as E09000031.")
    directory = distances.directory()
    if directory is None:
        raise PlainError("No postcode directory was built: run fairhold reference build, or leave --la out.")
    return computing.Places(la, directory, distances.locator(la))


@app.command("show")
def show(
    code: Code,
    year: Annotated[
        int | None, typer.Option(help="The year to 31 March of the breakdowns; the newest without it.")
    ] = None,
    purpose: Purpose = None,
    as_json: Json = False,
) -> None:
    """Print a measure's figures: every year, and the groups of one."""
    with acting(purpose, otherwise="statistics") as scope:
        shown = figures.show(scope, code=code, year=year)
    if as_json:
        sys.stdout.write(json.dumps(_as_json(shown), ensure_ascii=False) + "\n")
        return
    one = shown.series.measure
    sys.stdout.write(f"{one.title} ({one.unit_words}, {domain.PERIODS[one.period]})\n")
    for each in shown.series.years:
        sys.stdout.write(f"  {each.year}  {_told(each)}\n")
    if not shown.series.years:
        sys.stdout.write("  Nothing was computed yet: fairhold measures compute.\n")
    for table in shown.tables:
        sys.stdout.write(f"\n{table.title}, {shown.year.year if shown.year else ''}\n")
        for figure in table.rows:
            sys.stdout.write(f"  {figure.label:32}  {_number(figure)}\n")


def _number(figure: Figure) -> str:
    if figure.withheld:
        return "withheld"
    if figure.value is None:
        return "–" if figure.numerator is None else f"{figure.numerator:,}"
    of = f" ({figure.numerator:,} of {figure.denominator:,})" if figure.denominator else ""
    return f"{figure.value:,g}{of}"


def _told(year: Year) -> str:
    target = f"; target {year.target.value:g}, {year.target.better} is better" if year.target else ""
    if year.figure is None:
        return f"not counted: {year.not_run}{target}"
    so_far = "" if year.is_whole or year.until is None else f", up to {year.until}"
    return f"{_number(year.figure)}{so_far}{target}"


def _as_json(shown: Shown) -> dict[str, Any]:
    def of(figure: Figure | None) -> dict[str, Any] | None:
        return None if figure is None else {key: value for key, value in vars(figure).items() if key != "label"}

    years = [
        {
            "year": each.year,
            "until": each.until and each.until.isoformat(),
            "not_run": each.not_run,
            "figure": of(each.figure),
        }
        for each in shown.series.years
    ]
    tables = {table.name: [of(figure) for figure in table.rows] for table in shown.tables}
    return {"measure": shown.series.measure.code, "years": years, "breakdowns": tables}


@app.command("target")
def target(
    code: Code,
    year: Annotated[int, typer.Argument(help="The year to 31 March, such as 2027.")],
    value: Annotated[float, typer.Argument(help="The figure to reach, in the measure's unit.")],
    better: Annotated[str, typer.Option(help="Which is better: higher or lower.")],
    purpose: Purpose = None,
) -> None:
    """Set the target of a measure for a year."""
    with acting(purpose, otherwise="performance") as scope:
        targets.set_target(scope, measure=code, year=year, value=value, better=better)
    sys.stdout.write(f"The target of {code} for {year} is {value:g}; {better} is better.\n")


@app.command("population")
def population(
    year: Annotated[int, typer.Argument(help="The year to 31 March whose rates it is for.")],
    children: Annotated[int, typer.Argument(help="Children aged 0 to 17 who live in the authority.")],
    source: Annotated[str, typer.Option(help="Where the number comes from, such as “ONS mid-2025 estimate”.")],
    purpose: Purpose = None,
) -> None:
    """Enter the population that rates of a year are for; they appear with the next run."""
    with acting(purpose, otherwise="statistics") as scope:
        targets.set_population(scope, year=year, children=children, source=source)
    sys.stdout.write(f"Rates of {year} are for {children:,} children from the next run on.\n")


@app.command("runs")
def runs(purpose: Purpose = None, as_json: Json = False) -> None:
    """When measures were computed, the newest run first."""
    with acting(purpose, otherwise="statistics") as scope:
        found = figures.runs(scope)
    if as_json:
        sys.stdout.write(json.dumps([{"run": run.id, "on": run.on_day.isoformat()} for run in found]) + "\n")
        return
    for run in found:
        sys.stdout.write(f"Run {run.id}: made {run.made_at:%Y-%m-%d %H:%M} UTC, counted up to {run.on_day}\n")


@app.command("reproduce")
def reproduce(
    run: Annotated[int, typer.Argument(help="The number of a run.")], la: La = None, purpose: Purpose = None
) -> None:
    """Count again what a run counted, from the facts as they were known then. Exit code 1 when something differs."""
    places = _places(la)
    with acting(purpose, otherwise="statistics") as scope:
        same, differ = computing.reproduce(scope, run=run, places=places)
    for one in differ:
        sys.stdout.write(f"{one.measure} {one.year}: {one.why}.\n")
    sys.stdout.write(f"{same} measures and years came out the same, {len(differ)} did not.\n")
    sys.exit(1 if differ else 0)
