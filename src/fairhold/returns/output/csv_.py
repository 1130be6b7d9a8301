"""Findings as CSV, byte for byte as the contract has it: UTF-8, line feeds, blank as empty."""

from __future__ import annotations

import csv
import io

from fairhold.returns.checking import Checked
from fairhold.returns.findings import HEADER


def render(checked: Checked) -> bytes:
    """The whole file."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(finding.cells() for finding in checked.findings)
    return text.getvalue().encode()
