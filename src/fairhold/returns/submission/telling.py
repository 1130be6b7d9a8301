"""A return that was taken out, or that the portal has, stands in the log of disclosures with whose data it holds."""

from __future__ import annotations

from datetime import date

from fairhold import governance
from fairhold.access import Scope
from fairhold.returns import declared
from fairhold.returns.submission.domain import Submission
from fairhold.sharing import disclosures
from fairhold.sharing.disclosures import Disclosure, Kind

_CHILDREN = """
select c.subject_id, s.guard from system.return_submission_child c join system.subject s on s.id = c.subject_id
where c.submission_id = %s order by c.subject_id
"""


def tell(scope: Scope, of: Submission, *, recipient: str, arrived: date | None, reference: str | None) -> None:
    """Put a frozen return into the log; under the production purpose, for it holds every child."""
    children = [(row["subject_id"], row["guard"]) for row in scope.rows(_CHILDREN, (of.id,))]
    told = Disclosure(
        kind=Kind.RETURN,
        source=f"return {of.id}",
        recipient=recipient,
        purpose="statutory-collection",
        need=f"The law asks the council for this return: {of.title}.",
        basis=basis(of.build.name),
        items=items(of),
        care=True,
        reference=reference,
        arrived=arrived,
    )
    disclosures.record(scope, disclosure=told, children=children)


def basis(name: str) -> tuple[str, ...]:
    """The law a return is asked by, from the register of collections."""
    return tuple(dict.fromkeys(row["basis"] for row in governance.rows("collections") if row["return"] == name))


def items(of: Submission) -> tuple[str, ...]:
    """Every item of the tables in the file, as its specification names them."""
    tables = {table.name: table for table in declared(of.build.name).tables()}
    return tuple(
        f"{name}: {column.name}" for name in of.build.rows if name in tables for column in tables[name].columns
    )
