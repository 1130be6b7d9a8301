"""The ledger as a file that an outsider can verify without a database: one JSON line of heading, one a event.

A whole export holds every event, so the tree can be grown again. An extract holds some events, each with its proof of
inclusion under the checkpoint in the heading.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

from fairhold.ledger import checkpoints, queries, tree, verifying
from fairhold.ledger.checking import checkpoint
from fairhold.ledger.checkpoints import Checkpoint
from fairhold.ledger.domain import LedgerError, Stored, event_of
from fairhold.ledger.verifying import Finding, Verdict

FORMAT = "fairhold-ledger-1"


def export(*, kind: str | None = None) -> Iterator[str]:
    """The lines of an export: of every event, or of those of one kind with their proofs. Takes a checkpoint first."""
    signed = checkpoint()
    consistency = [each.line() for each in checkpoints.kept()]
    yield _line({"format": FORMAT, "checkpoint": signed.line(), "whole": kind is None, "earlier": consistency})
    with queries.reading() as connection:
        nodes = queries.node_reader(connection)
        for row in queries.stored(connection, up_to=signed.size, kind=kind):
            proof = [] if kind is None else tree.inclusion_proof(row.event.seq - 1, signed.size, nodes)
            yield _line(_values(row, proof))


def _values(row: Stored, proof: list[bytes]) -> dict[str, object]:
    values: dict[str, object] = {"event": row.event.as_json()}
    return values | ({"proof": [base64.b64encode(step).decode() for step in proof]} if proof else {})


def _line(values: dict[str, object]) -> str:
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n"


def verify_export(lines: Iterable[str], given: Iterable[Checkpoint] = ()) -> Verdict:
    """Verify an export from its lines alone, against the checkpoint in it and those `given` (the printed ones).

    Who made the file could have signed anything with a key of their own, so only `given` checkpoints prove more than
    that the file agrees with itself: those of the heading must carry the same key as they do.
    """
    numbered = iter(enumerate(lines, start=1))
    heading = _read(*next(numbered, (1, "")))
    if heading.get("format") != FORMAT:
        raise LedgerError("Line 1 of the file is not the heading of an exported ledger.")
    signed = checkpoints.parse(str(heading.get("checkpoint", "")))
    every = [*given, signed, *map(checkpoints.parse, heading.get("earlier") or ())]
    rows = (_stored(number, _read(number, line)) for number, line in numbered)
    if heading.get("whole"):
        verdict = verifying.examine((row for row, _ in rows), every, None)
        return _one_key(verdict, every)
    return _one_key(_extract(signed, rows), every)


def _one_key(verdict: Verdict, every: list[Checkpoint]) -> Verdict:
    if len({each.key for each in every}) == 1:
        return verdict
    finding = Finding("checkpoint", 0, "the file was signed by another key than the checkpoint you gave.")
    return Verdict(verdict.size, verdict.root, verdict.checkpoints, (finding, *verdict.findings))


def _extract(signed: Checkpoint, rows: Iterator[tuple[Stored, list[bytes]]]) -> Verdict:
    findings = []
    if not signed.genuine():
        findings.append(Finding("checkpoint", signed.size, "the checkpoint in the file is a forgery."))
    for row, proof in rows:
        seq = row.event.seq
        if tree.root_of_inclusion(row.event.leaf(), seq - 1, signed.size, proof) != signed.root:
            findings.append(Finding("changed", seq, f"event {seq} is not the one that was signed."))
    return Verdict(signed.size, signed.root, 1, tuple(findings[: verifying.MOST]))


def _read(number: int, line: str) -> dict[str, Any]:
    try:
        values = json.loads(line)
    except ValueError as error:
        raise LedgerError(f"Line {number} of the file is not JSON: export the ledger again.") from error
    if not isinstance(values, dict):
        raise LedgerError(f"Line {number} of the file is not a JSON object: export the ledger again.")
    return values


def _stored(number: int, values: dict[str, Any]) -> tuple[Stored, list[bytes]]:
    try:
        event = event_of(values["event"])
        proof = [base64.b64decode(step, validate=True) for step in values.get("proof", ())]
    except (KeyError, TypeError, ValueError, LedgerError) as error:
        raise LedgerError(f"Line {number} of the file is not an event of the ledger.") from error
    return Stored(event, None, b""), proof
