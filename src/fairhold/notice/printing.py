"""The notice as a tagged PDF, with whom to turn to."""

from __future__ import annotations

from fairhold import letters
from fairhold.letters import Heading, Text
from fairhold.notice.versions import Published

TITLE = "How we use data about children and young people"
SHIPPED = "This is the notice as the system ships it. The council has not put out its own yet."


def as_pdf(of: Published) -> bytes:
    """The notice that everybody may read."""
    about = SHIPPED if of.number is None else f"Version {of.number}, put out on {of.day:%d %B %Y}."
    whom: list[letters.Block] = [Heading("Who to ask"), letters.contacts().grid()]
    return letters.pdf(TITLE, [Text(about), *of.document.blocks, *whom])
