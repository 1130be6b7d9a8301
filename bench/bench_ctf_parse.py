"""How fast a common transfer file is read: MB of XML per second on one core, made-up pupils, best of three.

The peer is lxml's iterparse with a plain walk that builds the same paths and numbers, and checks and judges nothing.
Run it alone (`python bench/bench_ctf_parse.py [MB]`) or through `python -m bench.run ctf_parse`.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.figures import Figure, show
from fairhold import formats
from fairhold.formats.ctf import writer
from fairhold.formats.identifiers import check_letter

STREETS = ("Hoe Street", "Lea Bridge Road", "Forest Road", "High Road Leyton", "Blackhorse Lane & Yard")
NAMES = ("Okonkwo", "Šimić", "O'Neill", "Begum", "Żak", "Achebe-Lowe")


def pupil(i: int) -> dict[str, object]:
    """One made-up pupil; shapes vary as real ones do: some with meals, needs, second contacts, more years."""
    body = f"32020{i % 10_000_000:07d}"
    surname = NAMES[i % len(NAMES)]
    contact = {
        "Title": "Ms",
        "Surname": surname,
        "Forename": "Ada",
        "Relationship": "PAM" if i % 2 else "CAR",
        "Responsibility": "true",
        "Address/AddressAsPupil": "true",
        "Phones/Phone": [{"TelephoneType": "M", "PhoneNo": f"07700 900{i % 1000:03d}"}],
    }
    made: dict[str, object] = {
        "UPN": check_letter(body) + body,
        "Surname": surname,
        "Forename": "Noor",
        "DOB": f"{2008 + i % 12}-{i % 12 + 1:02d}-{i % 28 + 1:02d}",
        "Sex": "MF"[i % 2],
        "BasicDetails/PreferredSurname": surname,
        "BasicDetails/NCyearActual": str(i % 11 + 1),
        "BasicDetails/Ethnicity": "WBRI",
        "BasicDetails/EthnicitySource": "P",
        "BasicDetails/Languages/Type": [{"LanguageType": "F", "Language": "ENG"}],
        "BasicDetails/EnrolStatus": "C",
        "Address/BS7666Address/PAON": str(i % 200 + 1),
        "Address/BS7666Address/Street": STREETS[i % len(STREETS)],
        "Address/BS7666Address/Town": "London",
        "Address/PostCode": "E17 9AB",
        "Contacts/Contact": [{"Order": str(n + 1), **contact} for n in range(i % 3 + 1)],
        "Attendance/YearData": [attendance(2024 + n) for n in range(i % 2 + 1)],
        "SchoolHistory/School": [
            {"LEA": "320", "Estab": "2001", "SchoolName": "Made-up Primary", "EntryDate": "2019-09-02"}
        ],
    }
    if i % 4 == 0:
        made["FSMhistory/FSMinstance"] = [{"FSMstartDate": "2021-09-01", "UKcountry": "ENG"}]
    if i % 6 == 0:
        made["SENhistory/SEN"] = [{"StartDate": "2022-01-10", "SENprovision": "K"}]
        made["SENhistory/SENneeds/SENneed"] = [{"SENtypeRank": "1", "SENtype": "SEMH"}]
    return made


def attendance(year: int) -> dict[str, object]:
    """One year of a pupil's attendance, with half a year of marks."""
    totals = {"SessionsPossible": "190", "SessionsAuthorised": "4", "SessionsAttended": "184"}
    marks = {"AttendSessions/AttendanceStartDate": f"{year}-09-02", "AttendSessions/AttendanceMarks": "/\\" * 95}
    return {"Year": str(year), "LEA": "320", "Estab": "2001", **totals, "SessionsUnauthorised": "2", **marks}


def transfer_file(megabytes: int) -> bytes:
    """A full transfer file of about this size."""
    trial = io.BytesIO()
    writer.write(trial, {"CTFversion": "25.0"}, map(pupil, range(1000)))  # type: ignore[arg-type]
    count = megabytes * 1_000_000 * 1000 // len(trial.getvalue())
    stream = io.BytesIO()
    header = {"CTFversion": "25.0", "DocumentQualifier": "full", "SourceSchool/LEA": "320"}
    writer.write(stream, header, map(pupil, range(count)))  # type: ignore[arg-type]
    return stream.getvalue()


def read(data: bytes) -> int:
    """Read as intake does: checked, placed, judged; the number of pupils."""
    reading = formats.open(data)
    rows = sum(len(batch) for batch in reading.batches())
    assert not reading.set_aside
    assert not reading.unknown
    return rows


def read_by_lxml(data: bytes) -> int:
    """The peer: every pupil as a mapping of path to text."""
    rows = 0
    for _, node in etree.iterparse(io.BytesIO(data), tag="Pupil", resolve_entities=False, no_network=True):
        values: dict[str, str] = {}
        walk(node, "", values)
        rows += 1
        node.clear(keep_tail=False)
        while node.getprevious() is not None:
            del node.getparent()[0]
    return rows


def walk(node: etree._Element, path: str, values: dict[str, str]) -> None:
    """Paths below a node, `[n]` from the second of a name on."""
    counts: dict[str, int] = {}
    for child in node:
        name = child.tag
        n = counts[name] = counts.get(name, 0) + 1
        step = path + (name if n == 1 else f"{name}[{n}]")
        if len(child):
            walk(child, step + "/", values)
        elif text := (child.text or "").strip():
            values[step] = text


def best_of_three(work: Callable[[bytes], int], data: bytes) -> tuple[float, int]:
    """Seconds of the fastest of three runs, and the rows they gave."""
    taken, rows = [], 0
    for _ in range(3):
        began = time.perf_counter()
        rows = work(data)
        taken.append(time.perf_counter() - began)
    return min(taken), rows


def main(megabytes: int) -> None:
    """Measure both readers on the same bytes."""
    data = transfer_file(megabytes)
    ours, rows = best_of_three(read, data)
    theirs, same = best_of_three(read_by_lxml, data)
    assert rows == same
    size = len(data) / 1e6
    peer = f"lxml iterparse and a walk: {size / theirs:.1f}"
    show(Figure("CTF XML parsed, checked and judged", size / ours, "MB/s", goal="≥ 50 MB/s", peer=peer))
    show(Figure("pupils read", rows / ours, "per second"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
