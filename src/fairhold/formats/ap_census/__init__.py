"""The alternative provision census of a local authority. Much of `elements.csv` is inferred, as its notes say."""

from __future__ import annotations

from fairhold.formats.declare import XmlFormat, elements

COLLECTION = "AP"
FORMAT = XmlFormat(
    kind="ap-census",
    title="Alternative provision census",
    root="Message",
    rows=("Message/Pupils/Pupil",),
    version="CollectionDetails/Year",
    transfer=False,
    elements=elements("ap_census"),
)
