"""Law, purposes, recipients and retention: dated data files that an information-governance officer can read."""

from fairhold.governance.dated import Book, shipped
from fairhold.governance.files import (
    LawfulBasis,
    Purpose,
    Recipient,
    lawful_bases,
    purposes,
    recipients,
    rows,
)

__all__ = [
    "Book",
    "LawfulBasis",
    "Purpose",
    "Recipient",
    "lawful_bases",
    "purposes",
    "recipients",
    "rows",
    "shipped",
]
