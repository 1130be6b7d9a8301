"""The common transfer file (CTF) and the admissions transfer file (ATF), which shares its pupil blocks.

The element list is `elements.csv`. The full text of no specification was at hand when it was made: names come from
programs that write and read the files, and what its notes call not verified is not verified.
"""

from __future__ import annotations

from dataclasses import replace

from fairhold.formats.declare import Element, XmlFormat, elements

MOVED = (("FormerUPN", "BasicDetails/FormerUPN"),)


def _admissions() -> tuple[Element, ...]:
    """The same list under the admissions file's own names of root, pupil block and version."""
    renamed = []
    for element in elements("ctf", root="ATfile"):
        path = element.path.replace("ATfile/CTFpupilData", "ATfile/ATFpupilData")
        path = path.replace("Header/CTFversion", "Header/ATFversion")
        renamed.append(replace(element, path=path))
    return tuple(renamed)


CTF = XmlFormat(
    kind="ctf",
    title="Common Transfer File",
    root="CTfile",
    rows=("CTfile/CTFpupilData/Pupil",),
    version="CTFversion",
    transfer=True,
    elements=elements("ctf"),
    moved=MOVED,
)
ATF = XmlFormat(
    kind="atf",
    title="Admissions Data Transfer File",
    root="ATfile",
    rows=("ATfile/ATFpupilData/Pupil",),
    version="ATFversion",
    transfer=True,
    elements=_admissions(),
    moved=MOVED,
)


def file_name(sender: str, receiver: str, number: int, part: str = "CTF") -> str:
    """The name a transfer file travels under; `sender` and `receiver` are seven characters each (LA and Estab)."""
    return f"{sender}_{part}_{receiver}_{number:03d}.xml"
