"""Which subjects are one child: links with evidence, doubts for a person, undo."""

from fairhold.identity.actions import accept, built_on, link_all, reject, review, undo
from fairhold.identity.domain import Built, Candidate, Doubt, Evidence, Link, Matched, Side, Step, Undone
from fairhold.identity.queries import links_among, members

__all__ = [
    "Built",
    "Candidate",
    "Doubt",
    "Evidence",
    "Link",
    "Matched",
    "Side",
    "Step",
    "Undone",
    "accept",
    "built_on",
    "link_all",
    "links_among",
    "members",
    "reject",
    "review",
    "undo",
]
