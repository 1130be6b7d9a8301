"""Writes common transfer files and admissions transfer files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import BinaryIO

from fairhold.formats.ctf import ATF, CTF
from fairhold.formats.xmlwrite import Value, write_xml


def write(
    stream: BinaryIO,
    header: Mapping[str, Value],
    pupils: Iterable[Mapping[str, Value]],
    *,
    kind: str = "ctf",
    encoding: str = "utf-8",
) -> int:
    """Write one transfer file to a binary stream and return how many pupils it holds.

    `header` maps the path below `Header` to text (`{"CTFversion": "25.0", "SourceSchool/LEA": "320"}`). Each pupil
    maps the path below `Pupil` to text, or to a list for an element that stands more than once: texts
    (`{"BasicDetails/Disabilities/Disability": ["MOB", "VIS"]}`) or mappings of the paths below it
    (`{"Contacts/Contact": [{"Order": "1", "Surname": "…"}, …]}`); the paths with `[n]` that `fairhold read` gives
    are taken too. Elements come out in the order of `elements.csv`; empty ones are left out. A path that the list
    does not hold is a KeyError.
    """
    form = {"ctf": CTF, "atf": ATF}[kind]
    filled = {"DocumentName": form.title, **header}
    return write_xml(stream, form, filled, ((form.row_names[0], pupil) for pupil in pupils), encoding=encoding)
