"""The children in need census."""

from __future__ import annotations

from fairhold.formats.declare import XmlFormat, elements

COLLECTION = "CIN"
FORMAT = XmlFormat(
    kind="cin",
    title="Children in need census",
    root="Message",
    rows=("Message/Children/Child",),
    version="CollectionDetails/Year",
    transfer=False,
    elements=elements("cin"),
)
