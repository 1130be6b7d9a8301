"""How builds and frozen versions look, wherever they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from django.http import Http404
from django.urls import reverse

from fairhold.returns.submission.domain import Build, Part, Signature, Submission, SubmissionError
from fairhold.web.parts import Column, Empty, Item, Link, Summary, Table, Tag, Text

T = TypeVar("T")
_STATES = {"not signed": "yellow", "signed once": "yellow", "signed": "turquoise", "out of date": "grey"}
_PARTS = {Part.PREPARED.value: "Complete, says", Part.APPROVED.value: "May go, says"}


def or_not_found(look: Callable[[], T]) -> T:
    """What is looked for, or the page that says that it is not there."""
    try:
        return look()
    except SubmissionError:
        raise Http404 from None


def state(build: Build) -> Tag:
    """How far a build is."""
    text = build.state
    return Tag(text[0].upper() + text[1:], _STATES.get(text, "green"))


def title(name: str, year: int) -> str:
    """A return and its year, as people say it."""
    return f"{name.upper()}, year to 31 March {year}"


def version(found: Submission) -> str:
    """A frozen version, as people say it."""
    return f"{found.build.name.upper()} {found.build.year}, version {found.version}"


def builds(found: Sequence[Build]) -> Table:
    """Builds, the newest first."""
    return Table(
        "Builds",
        ["Build", "As known", "State", Column("Children", "number"), Column("Rows", "number")],
        [
            [
                Link(f"{one.name.upper()} {one.year}, build {one.id}", reverse("build", args=[one.id])),
                *(one.known_at, state(one), one.children, sum(one.rows.values())),
            ]
            for one in found
        ],
        Empty("No return was built.", "A build takes what the record holds; nobody types a row."),
    )


def submissions(found: Sequence[Submission]) -> Table:
    """Frozen versions, the newest first."""
    return Table(
        "Frozen versions",
        ["Version", "Frozen", "Signed by", "Receipt", "Kept until"],
        [
            [
                Link(version(one), reverse("submission", args=[one.id])),
                one.frozen_at,
                ", ".join(each.signer for each in one.build.signatures),
                ", ".join(each.reference for each in one.receipts),
                one.due,
            ]
            for one in found
        ],
        Empty("Nothing is frozen.", "A build that two people signed is frozen, and stays as it was sent."),
    )


def signatures(found: Sequence[Signature]) -> Table:
    """Who signed, when, and on what it rests."""
    return Table(
        "Signatures",
        [
            "Says what",
            "Who",
            "When",
            Column("Explained errors", "number"),
            Column("Rules not run", "number"),
            "Because",
        ],
        [[_PARTS[one.part], one.signer, one.signed_at, one.errors, one.not_run, one.note] for one in found],
        Empty("Nobody has signed.", "Two different people sign before a return is frozen."),
    )


def facts(build: Build) -> Summary:
    """What a build is made of."""
    return Summary(
        [
            Item("As known", build.known_at),
            Item("Up to", build.last_day),
            Item("Authority", build.la),
            Item("Children", build.children),
            Item("Rows", ", ".join(f"{table} {rows:,}" for table, rows in build.rows.items() if rows)),
            Item("Links between records", build.links),
            Item("File", Text(build.file, "code")),
            Item("Hash (SHA-256)", Text(build.sha256, "code")),
        ]
    )
