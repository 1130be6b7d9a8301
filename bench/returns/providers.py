"""A made-up list of Ofsted's providers as Excel, for the numbers that a set of SSDA903 files names."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from random import Random

import xlsxwriter

from bench.returns.spoil_ssda903 import PLACES

HEADING = (
    "Provider type", "URN", "Local authority", "Placement code", "Placement provider code", "Deregistration date",
    "Setting address postcode",
)  # fmt: skip


def write_providers(seed: int, episodes: Path, out: Path) -> None:
    """Most of the numbers of the file `episodes`, with codes of placements and providers, some of them closed."""
    rng = Random(seed)
    with episodes.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["URN"] and row["URN"].upper() != "XXXXXXX"]
    told: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        told.setdefault(row["URN"].upper(), []).append(row)
    book = xlsxwriter.Workbook(str(out), {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Providers")
    sheet.write_row(0, 0, HEADING)
    at = 0
    for urn, of_urn in sorted(told.items()):
        if rng.random() < 0.1:
            continue
        places = sorted({row["PLACE"].upper() for row in of_urn if row["PLACE"]})[:2] or ["K2"]
        kinds = sorted({row["PLACE_PROVIDER"].upper() for row in of_urn if row["PLACE_PROVIDER"]})[:2] or ["PR4"]
        post = rng.choice(PLACES) if rng.random() < 0.5 else of_urn[0]["PL_POST"] or PLACES[0]
        closed = date(2026, 4, 1 + rng.randrange(28)) if rng.random() < 0.2 else ""
        at += 1
        kind = "Children's Home" if at % 2 else "Independent Fostering Agency"
        sheet.write_row(at, 0, [kind, urn, "Anyborough", ",".join(places), "/".join(kinds), closed, post])
    book.close()
