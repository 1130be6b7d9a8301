"""A letter as tagged PDF: what is told, on which law, how long it may be kept, whom to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fairhold import letters
from fairhold.engine import settings
from fairhold.letters import Block, Grid, Heading, Text
from fairhold.sharing.forms.domain import About, Row, Table, wrong
from fairhold.sharing.shares import ShareError

HEADS = ("What", "What the council holds")
GROUNDS = {
    "law": "The law lets the council tell you this: {law}.",
    "consent": "The family or the young person agreed to some of this. The law behind that: {law}.",
    "protect": "You are told this to keep a child from harm: {law}.",
}


def write(columns: Sequence[str], rows: Sequence[Row], about: About) -> bytes:
    """The bytes of the letter. In a real store it needs the council's contacts and its data protection officer."""
    if settings.in_production() and not letters.contacts().complete:
        raise ShareError(
            "A letter names the council, where to ask, and the data protection officer: an administrator sets"
            " FAIRHOLD_COUNCIL, FAIRHOLD_CONTACT and FAIRHOLD_DATA_PROTECTION_OFFICER first."
        )
    told = [{name: row.told(name) for name in columns if row.told(name)} for row in rows]
    return letters.pdf(_title(about), _blocks(told, about), marking=about.marking)


def _title(about: About) -> str:
    return f"Information from the council, share {about.share}"


def _blocks(told: Sequence[Mapping[str, str]], about: About) -> list[Block]:
    blocks: list[Block] = [
        Text(f"{about.marking}. For {about.recipient} alone. Decided on {about.day.day} {about.day:%B %Y}."),
        Heading("What you are told"),
    ]
    for number, row in enumerate(told, 1):
        blocks += [Heading(f"Child {number}", 3)] if len(told) > 1 else []
        blocks.append(Grid(HEADS, tuple((about.title(name), text) for name, text in row.items())))
    blocks.append(Heading("Why you may have it"))
    blocks += [Text(GROUNDS[way].format(law=law)) for way, law in about.grounds]
    blocks += [
        Heading("What you may do with it"),
        Text(f"Use it for this and nothing else: {about.purpose.replace('-', ' ')}. Do not pass it on."),
        Text(f"Keep it no longer than this: {about.keeps or 'until you no longer need it for this'}."),
        Heading("Whom to ask"),
        letters.contacts().grid(),
    ]
    return blocks


def read(data: bytes, about: About) -> Table:
    """The table in the bytes of the PDF, without white space; raises where the letter says anything else than that
    table and the words that stand in every letter of this share."""
    found = table(data, about.titles)
    if letters.text_of(data) != letters.words(_title(about), _blocks(found.rows, about)):
        raise wrong("the letter says more or less than was decided")
    return found


def table(data: bytes, titles: Mapping[str, str]) -> Table:
    """The table in the bytes of a letter, by the titles of the fields, whatever else it says."""
    *grids, _ = letters.grids_of(data)
    if any(grid[0] != _squeezed(HEADS) or any(len(line) != len(HEADS) for line in grid) for grid in grids):
        raise wrong("the letter has a table that is none of ours")
    names = {"".join(title.split()): name for name, title in titles.items()}
    lines = [line for grid in grids for line in grid[1:]]
    if any(title not in names for title, _ in lines):
        raise wrong("it has a column that may not leave")
    rows = [{names[title]: text for title, text in grid[1:]} for grid in grids]
    if sum(map(len, rows)) != len(lines):
        raise wrong("the letter says one thing twice")
    return Table(tuple(dict.fromkeys(name for row in rows for name in row)), tuple(rows))


def _squeezed(texts: Sequence[str]) -> list[str]:
    return ["".join(text.split()) for text in texts]


def same(found: str, held: str) -> bool:
    """Whether the letter says what is held, white space apart: lines break where the page ends."""
    return found == "".join(held.split())
