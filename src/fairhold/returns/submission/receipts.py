"""What the collector's portal answered: reference, day and channel, and the answer itself where there is a file."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from fairhold import governance, vault
from fairhold.access import Scope, verb
from fairhold.dates import clock
from fairhold.returns.submission import queries, telling
from fairhold.returns.submission.domain import COLLECTOR, RECEIPT, RETENTION, Submission, SubmissionError
from fairhold.returns.workspace.domain import PRODUCTION

BOTH: Final = ("statutory-returns", "safeguarding")  # whoever may send it may see its receipt
LARGEST: Final = 10 * 1024 * 1024
_REFERENCE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9./_-]{0,59}")


def channels() -> dict[str, str]:
    """The channels by which the collector may get a return: their names and titles, from the register of channels."""
    return {
        row["channel"]: row["title"]
        for row in governance.rows("policy_channels")
        if COLLECTOR in row["recipients"].split()
    }


@verb("returns.receipt")
def receipt(
    scope: Scope, *, submission: int, reference: str, on: date, channel: str = "collect", answer: bytes | None = None
) -> Submission:
    """Record that a frozen return was put into the portal and what it answered. A second answer is a second receipt.

    That a version was sent, to whom and by which channel, is known here and nowhere else.
    """
    found = queries.submission(scope, submission)
    if channel not in channels():
        raise SubmissionError(f"{channel} is no channel to the collector: use one of {', '.join(channels())}.")
    if not _REFERENCE.fullmatch(reference.strip()):
        raise SubmissionError(
            "Give the portal's reference as it stands on the receipt: up to 60 letters, digits and / . _ - with a digit"
            " among them, without spaces."
        )
    if not clock.london_day(found.frozen_at) <= on <= scope.day:
        raise SubmissionError(
            f"The receipt's day lies between that of freezing, {found.frozen_at:%d %B %Y}, and today: check it."
        )
    if answer is not None and not 0 < len(answer) <= LARGEST:
        raise SubmissionError("The file of the receipt is empty or larger than 10 MiB: check that it is the right one.")
    file = None if answer is None else _keep(scope, found, answer)
    scope.run(
        "insert into system.return_receipt (submission_id, channel, reference, received_on, recorded_by, recorded_at,"
        " file_id) values (%s, %s, %s, %s, %s, %s, %s)",
        (submission, channel, reference.strip(), on, scope.actor.id, clock.now(), file),
    )
    with scope.under(PRODUCTION):
        telling.tell(scope, found, recipient=COLLECTOR, arrived=on, reference=reference.strip())
    scope.tell(submission=submission, channel=channel, sha256=found.sha256, received=on.isoformat(), file=file or 0)
    return queries.submission(scope, submission)


def _keep(scope: Scope, found: Submission, answer: bytes) -> int:
    kept = vault.keep(
        scope,
        answer,
        kind=RECEIPT,
        klass="system",
        retention=RETENTION,
        due=found.due,
        opens_for=[purpose for purpose in BOTH if purpose != scope.purpose.slug],
    )
    return kept.id
