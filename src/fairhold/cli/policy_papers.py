"""`fairhold policy`: the papers a share rests on: agreements, proofs that run out, permissions of who gave the data."""

from __future__ import annotations

from typing import Annotated

import typer

from fairhold.cli.acting import acting
from fairhold.cli.policy_words import IG, AsJson, Begins, Purpose, day, needed, printed
from fairhold.sharing import agreements, conditions

app = typer.Typer()
Field = Annotated[list[str], typer.Option("--field", help="A field; more than once for more.")]
Reference = Annotated[str, typer.Option(help="The number or letter by which it can be found.")]


@app.command("agreements")
def listed_agreements(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the agreements, the one to be looked at first at the top."""
    with acting(purpose, otherwise=IG) as scope:
        found = agreements.every(scope)
    lines = [f"{one.id:>4}  look by {one.terms.review_by}  {one.purpose}  {name}" for name, one in found]
    document = [{**vars(one), "name": name, "terms": vars(one.terms)} for name, one in found]
    printed(document, as_json, "\n".join(lines) or "There is no agreement yet.")


@app.command()
def review(
    agreement: int,
    by: Annotated[str, typer.Option("--by", help="The day of the next look, as 2027-11-23.")],
    note: Annotated[str, typer.Option(help="What the look found.")],
    purpose: Purpose = None,
) -> None:
    """Keep that an agreement was looked at again. Without a look by its day nothing leaves under it."""
    with acting(purpose, otherwise=IG) as scope:
        agreements.review(scope, agreement=agreement, review_by=needed(by), note=note)
    printed(None, False, f"The look at agreement {agreement} is kept.")


@app.command()
def add_proof(
    evidence: Annotated[str, typer.Argument(help="Which proof, as policy_evidence lists them.")],
    reference: Reference,
    begins: Begins,
    ends: Annotated[str, typer.Option("--to", help="The day it runs out; that day it counts no more.")],
    purpose: Purpose = None,
) -> None:
    """Record a proof that ways to send are safe, such as a certificate."""
    with acting(purpose, otherwise=IG) as scope:
        number = conditions.add_evidence(
            scope, evidence=evidence, reference=reference, from_date=needed(begins), to_date=needed(ends)
        )
    printed(None, False, f"Proof {number}.")


@app.command()
def proofs(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List the proofs, the one that runs out last at the top."""
    with acting(purpose, otherwise=IG) as scope:
        found = conditions.listed_evidence(scope)
    lines = [f"{one.id:>4}  {one.evidence:<18}{one.from_date} to {one.to_date}  {one.reference}" for one in found]
    printed([vars(one) for one in found], as_json, "\n".join(lines) or "There is no proof on record.")


@app.command()
def permit(
    origin: Annotated[str, typer.Argument(help="Who gave us the data: dfe or public-body.")],
    recipient: Annotated[str, typer.Argument(help="Who may have it, as policy_recipients lists them.")],
    field: Field,
    reference: Reference,
    begins: Begins,
    ends: Annotated[str | None, typer.Option("--to", help="The day it ends; left out where it stays.")] = None,
    purpose: Purpose = None,
) -> None:
    """Record the word of a body that gave us data: it may go on to this recipient."""
    with acting(purpose, otherwise=IG) as scope:
        number = conditions.permit(
            scope,
            origin=origin,
            recipient=recipient,
            fields=field,
            reference=reference,
            from_date=needed(begins),
            to_date=day(ends),
        )
    printed(None, False, f"Permission {number}.")


@app.command()
def permissions(purpose: Purpose = None, as_json: AsJson = False) -> None:
    """List which data given to us may go on to whom."""
    with acting(purpose, otherwise=IG) as scope:
        found = conditions.listed_permissions(scope)
    lines = [
        f"{one.id:>4}  {one.origin} to {one.recipient}: {', '.join(one.fields)} ({one.reference})" for one in found
    ]
    printed([vars(one) for one in found], as_json, "\n".join(lines) or "Nothing that was given to us may go on.")
