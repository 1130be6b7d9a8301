"""Reference data for the checks: where a postcode lies, and what Ofsted's lists say of a provider's number.

`building` turns what was given into tables, once; `using` puts them beside the tables of a check. Rules never see
these tables: a return's own module works columns out from them (`ssda903/deriving.py`).
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

POSTCODES: Final = "postcodes"
PROVIDERS: Final = "providers"
# kind: the tables it is made of, which stand in a check as `reference_postcode` and so on
TABLES: Final[dict[str, tuple[str, ...]]] = {POSTCODES: ("postcode", "authority"), PROVIDERS: ("provider",)}
PREFIX: Final = "reference_"
# kind: what rules call it that are not run without it
WORDS: Final = {POSTCODES: "postcode directory", PROVIDERS: "list of Ofsted's providers"}


@dataclass(frozen=True)
class Source:
    """One kind of reference data: the files it came from, its edition as far as they tell, rows, and the day it was
    taken in."""

    kind: str
    name: str
    edition: str
    rows: int
    built: str

    def sentence(self) -> str:
        """What it is, for people."""
        what = WORDS[self.kind][0].upper() + WORDS[self.kind][1:]
        of = f"of {self.edition}" if self.edition else f"({self.name}, edition not known)"
        return f"{what} {of}: {self.rows:,} {self.kind}"


def default_file() -> Path:
    """The built file that every check uses: FAIRHOLD_REFERENCE, else `reference.duckdb` among Fairhold's own files.

    As `engine.settings.home_path`, which would take a check longer to load than to find its rules.
    """
    given = os.environ.get("FAIRHOLD_REFERENCE")
    if given:
        return Path(given).expanduser().absolute()
    return Path(os.environ.get("FAIRHOLD_HOME") or ".demo").expanduser().absolute() / "reference.duckdb"
