"""Drives the published checker of the children in need census over one file: in its own environment, by its own means.

Run as `python cin.py FILE YEAR OUT`. Writes OUT, a line of rule, table and row (from 0) for each row it reports, both
blank for what it reports of the return or the header, and OUT.json: the rules that failed.
"""

import contextlib
import csv
import io
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

from cin_validator.cin_validator import CinValidator, convert_data, process_data
from cin_validator.rules.ruleset_utils import get_year_ruleset


def main(source, year, out):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        done = CinValidator(process_data(convert_data(ElementTree.parse(source).getroot())), get_year_ruleset(year))
    places = done.full_issue_df[["rule_code", "tables_affected", "row_id"]].drop_duplicates()
    with open(out, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerows((rule, table, int(row)) for rule, table, row in places.itertuples(index=False))
        writer.writerows((rule, "", "") for rule in done.multichild_issues["rule_code"])
    failed = re.findall(r"^Error with rule (\S+):", said.getvalue(), re.MULTILINE)
    Path(out + ".json").write_text(json.dumps({"skipped": [], "failed": sorted(set(failed))}))


main(*sys.argv[1:])
