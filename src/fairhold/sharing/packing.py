"""What goes into a package: the rows that may go today in their form, checked, and what the manifest says of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fairhold import policy
from fairhold.access import Scope
from fairhold.release.domain import WITHHELD, safe
from fairhold.sharing import forms, pseudonyms, tables
from fairhold.sharing.deciding import Asked, Decided
from fairhold.sharing.forms import PSEUDONYM, About, Built, Row
from fairhold.sharing.package import MARKING
from fairhold.sharing.parties import Agreement
from fairhold.sharing.shares import Share, ShareError

EXPIRES = 31  # days after which a recipient asks for a newer list


@dataclass(frozen=True)
class Made:
    """The rows in their form, and the manifest beside them."""

    built: Built
    manifest: dict[str, Any]
    expires: date
    delete_by: date | None


def make(scope: Scope, share: Share, asked: Asked, decided: Sequence[Decided]) -> Made:
    """What was approved and may still go of each child, built, and its bytes held to the decisions.

    Raises ShareError where nothing is left.
    """
    partner, agreement = asked.partner, asked.agreement
    edition = tables.policy(policy.book(scope)).on(scope.day.isoformat())
    recipient = edition.recipients[share.kind]
    permitted = frozenset(recipient.by_law) | frozenset(recipient.by_consent)
    rows = [one.row for one in decided]
    columns: tuple[str, ...] = share.fields
    if asked.flow.pseudonyms:
        rows = pseudonyms.instead_of_names(scope, rows, recipient=partner.id, purpose=share.purpose)
        permitted, columns = permitted - pseudonyms.DIRECT | {PSEUDONYM}, (PSEUDONYM, *columns)
    about = _about(scope, share, asked, decided, rows)
    built = forms.build(share.form, pseudonyms.shuffled(rows, share.id), columns, about)
    if not built.rows:
        raise ShareError("Nothing of what was approved may still go today: propose the share again.")
    forms.check(share.form, built.data, built.rows, permitted, about)
    ends = agreement.to_date if agreement is not None else None
    expires = min(scope.day + timedelta(days=EXPIRES), ends or date.max)
    inside = {row.subject for row in built.rows}
    delete_by = _delete_by(scope.day, agreement, [one for one in decided if one.subject in inside])
    manifest = {
        "format": "fairhold share 2",
        "decision": share.id,
        "flow": share.flow,
        "form": share.form,
        "recipient": partner.body.name,
        "purpose": share.purpose,
        "agreement": agreement and agreement.id,
        "keep": agreement and agreement.keeps,
        "delete_by": delete_by and delete_by.isoformat(),
        "policy": share.policy_version,
        "decided": scope.day.isoformat(),
        "expires": expires.isoformat(),
        "fields": list(built.columns),
        "rows": len(built.rows),
        "refused": _refused(scope, share.id),
    }
    return Made(built, manifest, expires, delete_by)


def _about(scope: Scope, share: Share, asked: Asked, decided: Sequence[Decided], rows: Sequence[Row]) -> About:
    """What a form may say beside the rows. The laws are those behind what goes, and no other."""
    going = {row.subject: row.leaving for row in rows}
    grounds = {
        (basis.way, basis.law)
        for one in decided
        for basis in one.answer.verdict.basis
        if basis.field in going[one.subject]
    }
    fields = policy.book(scope).on("policy_fields", scope.day.isoformat())
    return About(
        share=share.id,
        recipient=asked.partner.body.name,
        organisation=asked.partner.body.organisation,
        purpose=share.purpose,
        day=scope.day,
        marking=MARKING,
        keeps=None if asked.agreement is None else asked.agreement.keeps,
        grounds=tuple(sorted(grounds)),
        titles={row["field"]: row["title"] for row in fields} | {PSEUDONYM: "Pseudonym"},
    )


def _delete_by(day: date, agreement: Agreement | None, told: Sequence[Decided]) -> date | None:
    """The day by which the recipient must have deleted the whole file; None where the agreement says it in words alone.

    Until a birthday: the end of the year in which the youngest has it, so that the day tells nobody's birthday.
    """
    if agreement is None:
        return None
    terms = agreement.terms
    if terms.keeps_days is not None:
        return day + timedelta(days=terms.keeps_days)
    born = [one.person.date_of_birth for one in told if one.person.date_of_birth is not None]
    if terms.keeps_to_age is None or not born:
        return None
    return date(max(born).year + terms.keeps_to_age, 12, 31)


def _refused(scope: Scope, share: int) -> dict[str, str]:
    """How many values each rule kept back. Small counts are withheld: that one of a list objects is told to nobody."""
    rows = scope.rows(
        "select rule, count(*) as count from system.share_decision where share_id = %s and not allowed group by rule"
        " order by rule",
        (share,),
    )
    return {row["rule"]: WITHHELD if safe(row["count"]) is None else str(safe(row["count"])) for row in rows}
