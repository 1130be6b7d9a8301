"""What a submission goes through: built, signed by two people, frozen, sent, acknowledged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Final

from fairhold.errors import PlainError

KIND, RECEIPT = "submission", "portal-receipt"  # of files in the vault
KLASS = "safeguarding"
COLLECTOR: Final = "dfe"  # the gate's name for whoever asks for a return
RETENTION: Final = "RT29"  # copies of submissions: six years after the collection closed (a proposal until confirmed)
YEARS: Final = 6


class SubmissionError(PlainError):
    """A return cannot be signed, frozen or sent as asked; the sentence says why and what to do."""


class Part(Enum):
    """Whose signature it is. The first says that the return is complete, the second that it may go."""

    PREPARED = "prepared"
    APPROVED = "approved"


@dataclass(frozen=True)
class Signature:
    """One signature. `errors`: how many explained errors the build had when it was given, `not_run`: rules not run."""

    part: str
    signed_by: int
    signer: str
    role: str
    signed_at: datetime
    errors: int
    not_run: int
    note: str


@dataclass(frozen=True)
class Build:
    """One build of a return. `known_at` and `last_day` say what it knew; `sha256` is the hash of its official file.

    `expired` holds where a later build of the same year came out differently: its signatures stand for nothing then.
    `version` is that of the frozen submission, or None.
    """

    id: int
    name: str
    year: int
    la: str
    known_at: datetime
    last_day: date
    made_at: datetime
    made_by: int
    file: str
    sha256: str
    size: int
    header: dict[str, str]
    rows: dict[str, int]
    children: int
    links: int
    links_digest: str
    catalogue_digest: str
    software: str
    run_id: int
    expired: bool
    version: int | None
    signatures: tuple[Signature, ...]

    @property
    def signed(self) -> bool:
        """Whether both signatures are there."""
        return len(self.signatures) == len(Part)

    @property
    def state(self) -> str:
        """How far it is, in a word or two."""
        if self.version is not None:
            return f"frozen as version {self.version}"
        if self.expired:
            return "out of date"
        return ("not signed", "signed once", "signed")[len(self.signatures)]


@dataclass(frozen=True)
class Standing:
    """The faults of a build's run as they stand now. `errors` are those at error level or with no verified level;
    `kept_until` is the day until which the faults can be counted at all."""

    errors: int
    unexplained: int
    queries: int
    warnings: int
    not_run: int
    kept_until: date


@dataclass(frozen=True)
class Receipt:
    """What the collector's portal answered, and where the answer itself is kept."""

    channel: str
    reference: str
    received_on: date
    recorded_by: int
    recorded_at: datetime
    file_id: int | None


@dataclass(frozen=True)
class Submission:
    """One frozen version: hash, counts and signatures remain when the bytes are disposed of on their due date."""

    id: int
    version: int
    frozen_at: datetime
    frozen_by: int
    file_id: int
    sha256: str
    size: int
    rules_digest: str
    counts: dict[str, Any]
    due: date
    due_why: str
    build: Build
    receipts: tuple[Receipt, ...]

    @property
    def title(self) -> str:
        """How people name it."""
        return f"{self.build.name} {self.build.year}, version {self.version}"
