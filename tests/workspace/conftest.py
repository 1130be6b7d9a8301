"""A store with a made-up return delivered into it: tables drawn in the test, children known to the record or not."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from fairhold import access, vault
from fairhold.access import accounts
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.returns.workspace import runs

ScopeFor = Callable[[str, str], AbstractContextManager[access.Scope]]
Row = Mapping[str, str]
LA = "E09000031"
TITLES = {
    "Header": ("CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"),
    "Episodes": (
        *("CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE"),
        *("HOME_POST", "PL_POST", "URN"),
    ),
}


class Council:
    """A made-up council: its case system, the children it knows, and people who work there."""

    def __init__(self, scope_for: ScopeFor) -> None:
        self.scope_for = scope_for
        with database.connect("owner") as owner:
            made = owner.execute(
                "insert into system.source (kind, name, registered_by, registered_at)"
                " values ('case-system', 'Made-up cases', 'test', now()) returning id"
            ).fetchone()
        assert made is not None
        self.source = int(made[0])

    def knows(self, children: Iterable[str], guard: int = 0) -> dict[str, int]:
        """The record gets these children, with that guard; child number → subject."""
        with database.connect("owner") as owner:
            owner.execute("alter table system.subject no force row level security")
            rows = owner.execute(
                "insert into system.subject (source_id, key, guard) select %s, unnest(%s::text[]), %s"
                " on conflict (source_id, key) do update set guard = excluded.guard returning key, id",
                (self.source, list(children), guard),
            ).fetchall()
            owner.execute("alter table system.subject force row level security")
        return dict(rows)

    def deliver(self, table: str, rows: Iterable[Row], *, year: int = 2027) -> None:
        """A table of the looked-after children return comes in, newer than what came before."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, TITLES[table])
        writer.writeheader()
        writer.writerows(rows)
        self.deliver_bytes(table, text.getvalue().encode(), year=year)

    def deliver_bytes(self, table: str | None, data: bytes, *, year: int = 2027, name: str = "ssda903") -> None:
        """A file of a return comes in: of one table, or (None) of them all."""
        with self.scope_for("data-officer", "data-intake") as scope:
            kept = vault.keep(
                scope, data, kind=f"delivery-{name}", klass="safeguarding", retention="RT31",
                opens_for=["return-production"],
            )  # fmt: skip
            scope.run(
                "insert into system.delivery (source_id, kind, element, sha256, size, vault_file_id, received_at,"
                " received_by, at, year, state)"
                " values (%s, %s, %s, md5(random()::text), %s, %s, %s, 1, now(), %s, 'stored')",
                (self.source, name, table, len(data), kept.id, clock.now(), str(year)),
            )

    def check(self, *, year: int = 2027, name: str = "ssda903") -> int:
        """The analyst checks the return; the number of the run."""
        with self.analyst() as scope:
            return runs.check(scope, name=name, year=year, la={"ssda903": LA, "cin": "301"}[name])

    def analyst(self) -> AbstractContextManager[access.Scope]:
        return self.scope_for("analyst", "statutory-returns")

    def person(self, login: str, role: str) -> access.Actor:
        """Somebody with an account, made up."""
        accounts.add_made_up(name=f"Made-up {login}", login=login, role_slug=role)
        found = accounts.by_login(login)
        assert found is not None
        return found.actor()


@pytest.fixture
def council(clean: Path, scope_for: ScopeFor) -> Council:
    return Council(scope_for)


def header(child: str, **over: str) -> Row:
    """A child with nothing wrong in the header, but what the test says."""
    return {"CHILD": child, "SEX": "F", "DOB": "01/02/2015", "ETHNIC": "WBRI", "UPN": "UN1", "MOTHER": "0", **over}


def episode(child: str, **over: str) -> Row:
    """An episode of care that goes on."""
    return {
        "CHILD": child, "DECOM": "01/05/2025", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U6",
        "PLACE_PROVIDER": "PR1", "HOME_POST": "AA1 1AA", "PL_POST": "AA2 2AA", "URN": "SC012345", **over,
    }  # fmt: skip
