"""Drives the published SSDA903 checker over one set: in its own environment, through its own interface.

Run as `python ssda903.py THIS LAST YEAR LA OUT [--providers FILE] [--apart]`. Writes OUT, a line of rule, table and
line for each row it reports, and OUT.json: rules done, skipped and failed. `--apart` gives every rule a whole copy of
the data: by itself it lets rules change what later ones see.
"""

import argparse
import csv
import json
import logging
from pathlib import Path

from lac_validator import lac_validator
from lac_validator.rules.ruleset_utils import get_year_ruleset
from lac_validator.utils import process_uploaded_files


def whole_copy(store):
    return {name: table if name == "metadata" else table.copy(deep=True) for name, table in store.items()}


def main():
    asked = argparse.ArgumentParser()
    for name in ("this", "last", "year", "la", "out"):
        asked.add_argument(name)
    asked.add_argument("--providers")
    asked.add_argument("--apart", action="store_true")
    given = asked.parse_args()
    logging.getLogger().setLevel(logging.CRITICAL)
    if given.apart:
        lac_validator.copy_datastore = whole_copy
    files = {
        "This year": sorted(map(str, Path(given.this).glob("*.csv"))),
        "Prev year": sorted(map(str, Path(given.last).glob("*.csv"))),
    }
    if given.providers:
        files["CH lookup"] = [given.providers]
    done = lac_validator.LacValidator(
        metadata={"collectionYear": given.year, "localAuthority": given.la},
        files=process_uploaded_files(files),
        registry=get_year_ruleset(given.year),
    )
    with open(given.out, "w", newline="") as file:
        writer = csv.writer(file)
        for table, rows in done.ds_results.items():
            for column in [] if table == "metadata" else [name for name in rows.columns if name.startswith("ERR_")]:
                # rows count from 0, and the heading is line 1
                writer.writerows((column[4:], table, int(row) + 2) for row in rows.index[rows[column].eq(True)])
    ran = {"ran": done.dones, "skipped": sorted(set(done.skips)), "failed": sorted(set(done.fails))}
    Path(given.out + ".json").write_text(json.dumps(ran))


main()
