"""What a build was made with, beside the record: the version of Fairhold, of its catalogue, and the identity links."""

from __future__ import annotations

import hashlib
from importlib.metadata import version

from fairhold import catalogue
from fairhold.returns.building.domain import Built
from fairhold.returns.submission.domain import Build


def software() -> str:
    """The version of Fairhold."""
    return version("fairhold")


def links_digest(links: list[int]) -> str:
    """A hash of the numbers of identity links."""
    return hashlib.sha256(",".join(map(str, links)).encode()).hexdigest()


def file_hash(made: Built) -> str:
    """The hash of the official file."""
    return hashlib.sha256(made.files[made.file]).hexdigest()


def content_hash(made: Built) -> str:
    """A hash of the tables alone: a file may also say when it was made, which changes nothing."""
    whole = hashlib.sha256()
    for name, table in made.tables.items():
        for row in ((name, *table.columns), *table.rows):
            whole.update("\x1f".join(row).encode() + b"\x1e")
    return whole.hexdigest()


def changed(build: Build, made: Built) -> list[str]:
    """What is known to be another than when the build was first made, where it comes out differently now."""
    found = []
    if build.software != software():
        found.append(f"it was made by Fairhold {build.software}, and this is {software()}")
    if build.catalogue_digest != catalogue.digest():
        found.append("the catalogue of fields and codes is another edition")
    if build.links_digest != links_digest(made.links):
        found.append("links between records that stood then are no longer kept")
    if (gone := build.children - len(made.children)) > 0:
        found.append(f"the records of {gone:,} of its children are no longer kept")
    return found
