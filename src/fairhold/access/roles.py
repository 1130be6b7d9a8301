"""The roles: what each person is here to do, in prose. Which purposes a role may use stands in `purposes.csv`."""

from __future__ import annotations

from typing import ClassVar

from fairhold import governance


class Role:
    """A kind of job. A role has no rights of its own: it may choose among its purposes, one at a time."""

    slug: ClassVar[str]
    title: ClassVar[str]

    @classmethod
    def purposes(cls) -> tuple[governance.Purpose, ...]:
        """The purposes this role may choose."""
        return tuple(purpose for purpose in governance.purposes() if cls.slug in purpose.roles)

    @classmethod
    def job(cls) -> str:
        """The job in prose, as shown beside the role."""
        return " ".join((cls.__doc__ or "").split())


class DataOfficer(Role):
    """Sees which school feeds are late, settles doubtful matches and set-aside rows, and looks for children missing
    education. Never retypes what a school already sent."""

    slug, title = "data-officer", "Data officer"


class Analyst(Role):
    """Builds, checks and explains the statutory returns and counts children for statistics. Never sees a child's name
    to make a count."""

    slug, title = "analyst", "BI analyst"


class InformationGovernanceOfficer(Role):
    """Approves shares and disposals, confirms law and policy, reads the ledger and shows an auditor the proof."""

    slug, title = "ig-officer", "Information governance officer"


class YouthOfficer(Role):
    """Prepares what youth support, careers advisers and post-16 providers may have, and finds young people who are
    missing education."""

    slug, title = "youth-officer", "Children missing education and youth officer"


class SocialWorker(Role):
    """Protects children from harm and helps children in need. Alone may see a restricted record or a protected
    address, and only for the purpose of safeguarding."""

    slug, title = "social-worker", "Social worker"


class SendOfficer(Role):
    """Assesses and provides for children with special educational needs and disabilities."""

    slug, title = "send-officer", "SEND officer"


class Leadership(Role):
    """Follows totals, trends and targets. Never sees a row about one child, by any page, export or error."""

    slug, title = "leadership", "Leadership"


class Administrator(Role):
    """Registers people, their roles and the sources of data. Sees no child."""

    slug, title = "administrator", "Administrator"


class Partner(Role):
    """Works for a body outside the council. Asks for data about a child and reads the answer; sees no record, and not
    even whether a child is known."""

    slug, title = "partner", "Safeguarding partner (outside)"


ROLES: tuple[type[Role], ...] = (
    DataOfficer,
    Analyst,
    InformationGovernanceOfficer,
    YouthOfficer,
    SocialWorker,
    SendOfficer,
    Leadership,
    Administrator,
    Partner,
)


class Machine(Role):
    """Runs what is due every day. Nobody: it does not sign in, and opens a purpose only for a step of the daily run."""

    slug, title = "daily-run", "Daily run"


EVERY: tuple[type[Role], ...] = (*ROLES, Machine)


def role(slug: str) -> type[Role]:
    """The role class called `slug`, a person's or the machine's; KeyError when there is none."""
    return {candidate.slug: candidate for candidate in EVERY}[slug]
