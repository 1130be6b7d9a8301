"""The school census: pupils on roll and no longer on roll. The notes of `elements.csv` say which names are inferred."""

from __future__ import annotations

from fairhold.formats.declare import XmlFormat, elements

COLLECTION = "SC"
FORMAT = XmlFormat(
    kind="school-census",
    title="School census",
    root="Message",
    rows=(
        "Message/Pupils/PupilsOnRoll/PupilOnRoll",
        "Message/Pupils/PupilsNoLongerOnRoll/PupilNoLongerOnRoll",
    ),
    version="CollectionDetails/Year",
    transfer=False,
    elements=elements("school_census"),
)
