"""How a share and its decisions look: counts, and each refusal with its reason, its law and what would change it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from django.urls import reverse

from fairhold.sharing.parties import Partner
from fairhold.sharing.shares import FieldCount, Share, State, Trace
from fairhold.web.parts import Column, Count, Counts, Empty, Item, Link, Several, Summary, Table, Tag, Text, Why

STATES = {
    State.PROPOSED: Tag("Waits for approval", "yellow"),
    State.LAPSED: Tag("Lapsed", "grey"),
    State.REFUSED: Tag("Refused", "red"),
    State.APPROVED: Tag("Approved", "turquoise"),
    State.PACKED: Tag("Packed", "turquoise"),
    State.SENT: Tag("Arrived", "green"),
}
ALLOWED = Tag("Allowed", "green")
REFUSED = Tag("Refused", "red")


def facts(share: Share, me: int) -> Summary:
    """What the share is."""
    proposer = "You" if share.proposed_by == me else f"Account {share.proposed_by}"
    return Summary(
        [
            Item("For", f"{share.partner} ({share.kind.replace('-', ' ')})"),
            Item("What", f"{share.flow.replace('-', ' ')}, by {share.channel}, as {share.form}"),
            Item("Reason", share.reason.replace("-", " ")),
            Item("Why it is needed", share.need),
            Item("How soon", share.urgency),
            *(Item(name, text) for name, text in _shown(share) if text),
            Item("Decided as of", share.as_of),
            Item("Proposed by", proposer),
            Item("Approvals", f"{share.approvals} of {share.approvals_needed}"),
            Item("Policy", share.policy_version),
            Item(
                "Two evaluators",
                f"disagreed {share.alarms} times; all refused" if share.alarms else "agreed on every field",
            ),
            *([Item("Package", Text(share.sha256, "code"))] if share.sha256 else []),
            *([Item("May be used until", share.expires)] if share.expires else []),
            *([Item("Arrived", share.arrived_at)] if share.arrived_at else []),
        ]
    )


def _shown(share: Share) -> tuple[tuple[str, str | None], ...]:
    """What some recipients must show."""
    return ("Reference", share.reference), ("Officer", share.officer), ("Power", share.power)


def summary(share: Share, counts: Sequence[FieldCount]) -> Counts:
    """The figures at the top."""
    allowed = max((each.count for each in counts if each.rule is None), default=0)
    refused = sum(each.count for each in counts if each.rule is not None)
    return Counts(
        [
            Count(share.children, "children asked about"),
            Count(allowed, "children with something allowed", colour="green"),
            Count(refused, "values refused", colour="red"),
            *([Count(share.rows, "rows in the package")] if share.rows is not None else []),
        ]
    )


def decisions(counts: Sequence[FieldCount]) -> Table:
    """Each field: for how many children it may go, and why not for the others."""
    ordered = sorted(counts, key=lambda each: (each.field, each.rule is not None, -each.count))
    rows = []
    for field, group in groupby(ordered, key=lambda each: each.field):
        name = field.replace("_", " ").capitalize()
        rows += [[name, ALLOWED if each.rule is None else REFUSED, each.count, _reason(each)] for each in group]
    heads: list[str | Column] = ["Field", "Decision", Column("Children", "number"), Column("Why", "half")]
    return Table("Decisions by field", heads, rows)


def _reason(each: FieldCount) -> Several | str:
    if each.rule is None:
        return ""
    more = f"Rule {each.rule}. {each.law}"
    return Several(
        [Text(each.reason or ""), Text(each.would_change or "", "small"), Why(more, "Which rule and law?", each.field)]
    )


def traces(found: Sequence[Trace]) -> Table:
    """What was decided about one child."""
    return Table(
        "Decisions about this child",
        ["Share", "For", "Field", "Decision", Column("Why", "third"), "Left"],
        [
            [
                Link(f"Share {each.share}", reverse("share", args=[each.share])),
                each.partner,
                each.field.replace("_", " "),
                ALLOWED if each.allowed else REFUSED,
                each.reason,
                each.arrived_at if each.allowed and each.line is not None else "",
            ]
            for each in found
        ],
        Empty("Nothing was ever decided about sharing this child's data."),
    )


def fingerprints(body: Partner) -> Several:
    """What people compare on the telephone."""
    return Several([Text(body.age_fingerprint, "code"), Text(body.host_fingerprint, "code")])
