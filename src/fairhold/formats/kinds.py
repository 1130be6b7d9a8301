"""Which kind a file is, by what is in it and never by its name."""

from __future__ import annotations

import re

from fairhold.formats import ap_census, cin, school_census
from fairhold.formats.ctf import ATF, CTF
from fairhold.formats.declare import XmlFormat

TRANSFERS = {CTF.root: CTF, ATF.root: ATF}
COLLECTIONS = {
    "SC": school_census.FORMAT,
    "SCHOOL CENSUS": school_census.FORMAT,
    "AP": ap_census.FORMAT,
    "APC": ap_census.FORMAT,
    "AP CENSUS": ap_census.FORMAT,
    "CIN": cin.FORMAT,
}
FORMATS = (CTF, ATF, school_census.FORMAT, ap_census.FORMAT, cin.FORMAT)

_COLLECTION = re.compile(rb"<(?:\w+:)?Collection(?:\s[^>]*)?>([^<]*+)</")
_BY_ROWS = (
    (re.compile(rb"<(?:\w+:)?(?:PupilsOnRoll|PupilOnRoll|PupilsNoLongerOnRoll)[\s>/]"), school_census.FORMAT),
    (re.compile(rb"<(?:\w+:)?Child(?:ren)?[\s>/]"), cin.FORMAT),
    (re.compile(rb"<(?:\w+:)?Pupils?[\s>/]"), ap_census.FORMAT),
)


def of_xml(root: str, body: bytes) -> XmlFormat | None:
    """The format of a document with this root, whose bytes from the root on are `body`; None when none is read.

    Censuses share one root: the header's Collection says which; without it, the names of the rows do.
    """
    name = root.rpartition(":")[2]
    if name in TRANSFERS:
        return TRANSFERS[name]
    if name != "Message":
        return None
    collection = _COLLECTION.search(body)
    if collection is not None:
        return COLLECTIONS.get(collection[1].decode("utf-8", "ignore").strip().upper())
    return next((form for pattern, form in _BY_ROWS if pattern.search(body)), None)


def version(form: XmlFormat, header: dict[str, str]) -> str | None:
    """A transfer file's version as written; a census's year and term ("2026-AUT"), or its year where it has no term."""
    if form.transfer:
        return header.get(form.version)
    year, term = header.get("CollectionDetails/Year"), header.get("CollectionDetails/Term")
    return f"{year}-{term.upper()}" if year and term else year
