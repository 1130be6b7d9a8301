"""Turns a refusing rule into words: its law, its reason, and what would change the answer.

Several rules may refuse one field. The one reported is the first in the order of `policy_refusals.csv`: what is
wrong with the request, then with the way it is sent, the conditions, the child's age and home, then the field.
"""

from __future__ import annotations

from fairhold.sharing.domain import Refusal
from fairhold.sharing.facts import NOBODY, Cell, Facts
from fairhold.sharing.tables import Edition, Recipient

DISAGREE = "R00.disagree"


def _exact(rule: str, facts: Facts, cell: Cell, recipient: Recipient) -> str:
    """The refusal in full: Cedar names the policy that refuses, the facts say which case of it this is."""
    cases = {
        "R08.agreement": f"R08.{facts.agreement}",
        "R08.residence": "R08.moved" if facts.resident == "no" else "R08.where",
        "R09.link": f"R09.{recipient.link}",
        "R07.old": "R07.send" if facts.reached < (recipient.age_to_send or 0) else "R07.old",
        "R13.consent": _consent(facts, cell),
        "R14.objection": _objection(facts, cell, recipient),
    }
    return cases.get(rule, rule)


def _consent(facts: Facts, cell: Cell) -> str:
    if facts.chooser == "nobody":
        return "R13.birth"
    if cell.consent in ("lapsed", "early"):
        return f"R13.{cell.consent}"
    return "R13.parent" if facts.chooser == "parent" else "R13.young"


def _objection(facts: Facts, cell: Cell, recipient: Recipient) -> str:
    by_law = cell.field in recipient.by_law
    if facts.chooser == "nobody":
        return "R14.undecided" if by_law else "R14.unsure"
    return "R14.stopped" if by_law else "R14.refused"


def slots(policy: Edition, recipient: Recipient) -> dict[str, str]:
    """What fills the slots of a sentence about this recipient."""
    ways = " or ".join(policy.channels[slug].title for slug in recipient.channels)
    return {
        "who": recipient.name,
        "ways": ways,
        "age_from": str(recipient.age_from),
        "age_to_send": str(recipient.age_to_send),
        "last": str(recipient.age_to_send),
    }


def refusal(name: str, rules: tuple[str, ...], facts: Facts, cell: Cell, policy: Edition) -> Refusal:
    """The refusal of the field asked as `name`, told by the first rule in the table's order."""
    recipient = policy.recipients.get(facts.recipient, NOBODY)
    rule = min((_exact(rule, facts, cell, recipient) for rule in rules), key=lambda one: policy.words[one].rank)
    return said(name, rule, recipient, policy)


def said(name: str, rule: str, recipient: Recipient, policy: Edition) -> Refusal:
    """A refusal in words."""
    words = policy.words[rule]
    fill = slots(policy, recipient)
    own = {"recipient": recipient.law, "consent": recipient.consent_law}
    return Refusal(
        field=name,
        rule=rule,
        law=policy.citations[own.get(words.law, words.law)],
        reason=words.reason.format(**fill),
        would_change=words.would_change.format(**fill),
    )
