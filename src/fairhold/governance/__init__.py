"""Law, purposes, recipients and retention: dated data files that an information-governance officer can read."""

from fairhold.governance.files import (
    LawfulBasis,
    Purpose,
    Recipient,
    lawful_bases,
    purposes,
    recipients,
    rows,
)

__all__ = ["LawfulBasis", "Purpose", "Recipient", "lawful_bases", "purposes", "recipients", "rows"]
