"""Documents for people as tagged PDF (PDF/UA-1): blocks of text set by typst, the same bytes for the same words.

    letters.pdf("A letter", [letters.Heading("Why"), letters.Text("Because.")], marking="OFFICIAL")

What is said travels as data, never as typst's own language, so that no value can be read as an instruction.
"""

from fairhold.letters.contacts import Contacts, contacts
from fairhold.letters.domain import Block, Grid, Heading, LetterError, Text, words
from fairhold.letters.reading import grids_of, text_of
from fairhold.letters.setting import pdf

__all__ = [
    "Block",
    "Contacts",
    "Grid",
    "Heading",
    "LetterError",
    "Text",
    "contacts",
    "grids_of",
    "pdf",
    "text_of",
    "words",
]
