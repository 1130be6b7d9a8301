"""Traces a file of 1,000,000 made-up cells: each must be explained by a decision, a law or consent, and a source.

`TRACE_CELLS=50000` makes it a smaller one. The values themselves are no part of a trace; lines, decisions and sources
are made in the store with SQL, and the rows as CSV.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time

from bench.figures import Figure, show
from bench.store import fresh_store
from fairhold import access
from fairhold.access import schema
from fairhold.engine import database
from fairhold.sharing import tracing

BY_LAW = ("name", "address", "date_of_birth")
BY_CONSENT = ("school", "year_group", "attendance_band", "send_support")
FIELDS = (*BY_LAW, *BY_CONSENT)
OFFICER = access.Actor(1, "Made-up officer", "ig-officer")

_MAKE = """
insert into system.share_partner (kind, name, host, port, login, folder, host_key, age_key, added_by, added_at)
    values ('youth-support', 'Made-up youth service', 'h', 22, 'l', '/', 'k', 'a', 1, now());
insert into system.share_agreement (partner_id, purpose, from_date, keeps, added_by, added_at)
    values (1, 'youth-support', '2026-01-01', 'a year', 1, now());
insert into system.source (kind, name, registered_by, registered_at)
    values ('register', 'Made-up register', 'made up', now());
insert into system.share (partner_id, agreement_id, purpose, need, fields, as_of, policy_version, children, alarms,
    approvals_needed, proposed_by, proposed_at)
    values (1, 1, 'youth-support', 'Made up.', '{fields}', '2026-11-24', 'made up', {rows}, 0, 1, 1, now());
insert into system.share_package (share_id, file_id, name, sha256, csv_sha256, rows, columns, expires, packed_by,
    packed_at) values (1, 1, 'made-up', 'none', '{sha256}', {rows}, '{fields}', '2027-01-01', 1, now());
insert into people.choice (subject_id, kind, chosen_by, recipient, fields, from_date, wording, recorded_by, recorded_at)
    values (1, 'consent', 'parent', 'youth-support', '{fields}', '2026-01-01', 'made up', 1, now());
insert into system.share_line select 1, n, n, 0 from generate_series(1, {rows}) n;
insert into system.share_decision (share_id, subject_id, guard, field, allowed, way, law)
    select 1, n, 0, f, true, case when f = any('{law}') then 'law' else 'consent' end, 'Made-up Act'
    from generate_series(1, {rows}) n, unnest('{fields}'::text[]) f;
insert into system.share_cell (share_id, line, field, delivery_id, source_line, choice_id)
    select 1, n, f, 1, n, case when f = any('{law}') then null else 1 end
    from generate_series(1, {rows}) n, unnest('{fields}'::text[]) f;
analyze;
"""


def main() -> int:
    """Print the measures; exit code 1 where a cell is not explained."""
    rows = -(-int(os.environ.get("TRACE_CELLS", "1000000")) // len(FIELDS))
    line = ",".join(f"made up {name}" for name in FIELDS)
    data = "\r\n".join([",".join(FIELDS), *([line] * rows), ""]).encode()
    with fresh_store():
        schema.migrate(demo=True)
        told = {"rows": rows, "sha256": hashlib.sha256(data).hexdigest()}
        told |= {"fields": f"{{{','.join(FIELDS)}}}", "law": f"{{{','.join(BY_LAW)}}}"}
        with database.connect("owner") as owner:
            owner.execute(_MAKE.format(**told))
        began = time.perf_counter()
        with access.scope(OFFICER, "information-governance") as scope:
            found = tracing.trace_file(scope, data=data)
            traced = time.perf_counter() - began
            bare = sum(one.fault is not None for one in tracing.cells(scope, found))
        listed = time.perf_counter() - began - traced
    show(Figure("cells traced", found.cells, "cells", "1,000,000"))
    show(Figure("cells that nothing explains", found.unexplained + bare, "cells", "0"))
    show(Figure("time to find the share and explain every cell", traced, "s"))
    show(Figure("time to list them one by one", listed, "s"))
    return int(found.unexplained + bare > 0 or not found.values_read)


if __name__ == "__main__":
    sys.exit(main())
