"""When records are due for disposal, why, and what blocks it."""

from fairhold.retention.actions import Count, DryRun, FileDue, Record, dry_run, notice, of_person
from fairhold.retention.domain import Due, Facts, RetentionError, Status, due
from fairhold.retention.holds import Hold, lift_hold, place_hold
from fairhold.retention.holds import listed as holds_in_force

__all__ = [
    "Count",
    "DryRun",
    "Due",
    "Facts",
    "FileDue",
    "Hold",
    "Record",
    "RetentionError",
    "Status",
    "dry_run",
    "due",
    "holds_in_force",
    "lift_hold",
    "notice",
    "of_person",
    "place_hold",
]
