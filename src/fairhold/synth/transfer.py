"""Writes the schools' transfer files, and notes for the key which row is which child."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fairhold.formats.ctf.writer import write
from fairhold.synth import pupil
from fairhold.synth.deliveries import Delivery, Sent, header
from fairhold.synth.world import World

STRANGE = b"      <HouseColour>Blue</HouseColour>\n"  # an element no edition knows


@dataclass(frozen=True, slots=True)
class Row:
    """Who stands in which row of which file."""

    file: str
    row: int
    table: str
    source: str
    record: int
    child: int
    identity: int
    fault: int = 0
    state: str = ""


def rows_of(one: Delivery) -> list[Sent]:
    """The rows as they stand in the file: a copied one twice."""
    return [sent for sent in one.rows for _ in range(1 + sent.copied)]


def write_file(world: World, one: Delivery, out: Path) -> list[Row]:
    """Write one file; returns its rows for the key."""
    rows = rows_of(one)
    buffer = io.BytesIO()
    write(buffer, header(world, one), _pupils(world, one, rows))
    data = _strange(buffer.getvalue(), [n for n, sent in enumerate(rows) if sent.broken == "extra column"])
    data, whole = _broken(one, data, len(rows))
    path = out / one.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    source = world.schools[one.school].laestab
    found, seen = [], set()
    for n, sent in enumerate(rows, start=1):
        record = sent.record
        state = "copy" if record.id in seen else sent.broken
        seen.add(record.id)
        if n > whole:
            state = "lost with the file"
        identity = record.identity
        found.append(Row(one.name, n, "Pupil", source, record.id, record.child.id, identity, sent.fault, state))
    return found


def _pupils(world: World, one: Delivery, rows: list[Sent]) -> Iterator[dict[str, str]]:
    for sent in rows:
        values = pupil.values(world, sent.record, one.week)
        if sent.broken:
            _break(values, sent)
        yield values


def _break(values: dict[str, str], sent: Sent) -> None:
    """Break one row as its fault says; a strange element is put in afterwards."""
    if sent.broken == "missing":
        del values[("Surname", "DOB")[sent.fault % 2]]
    elif sent.broken == "bad-code":
        values["BasicDetails/Ethnicity"] = "PAKI"
    elif sent.broken == "bad-date":
        values["DOB"] = values["DOB"][:5] + "02-30"


def _strange(data: bytes, places: list[int]) -> bytes:
    """Put an element nobody knows at the head of the pupils at these places."""
    if not places:
        return data
    head, *pupils = data.split(b"    <Pupil>\n")
    blocks = [b"    <Pupil>\n" + (STRANGE if n in places else b"") + block for n, block in enumerate(pupils)]
    return head + b"".join(blocks)


def _broken(one: Delivery, data: bytes, rows: int) -> tuple[bytes, int]:
    """The bytes of a broken file, and how many of its rows are still whole."""
    if one.broken == "empty":
        return b"", 0
    if one.broken == "cut off":
        ends = [n for n in range(len(data)) if data.startswith(b"    </Pupil>\n", n)]
        cut = ends[-1] - 400
        return data[:cut], sum(end < cut for end in ends)
    if one.broken == "wrong encoding":
        return data.decode("utf-8").encode("cp1252", errors="replace"), 0
    return data, rows
