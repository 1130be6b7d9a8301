"""Findings as JSON: a list of objects with the keys of the CSV header; fields and values are lists.

A finding about the return as a whole has no line (null).
"""

from __future__ import annotations

import json

from fairhold.returns.checking import Checked
from fairhold.returns.findings import HEADER


def render(checked: Checked) -> bytes:
    """The whole file."""
    items = [
        {key: getattr(finding, key) for key in HEADER} | ({} if finding.table else {"line": None})
        for finding in checked.findings
    ]
    return (json.dumps(items, ensure_ascii=False, indent=1) + "\n").encode()
