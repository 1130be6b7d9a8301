"""A small made-up borough as it stands in a store, and a made-up recipient with a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairhold import access, choices, intake
from fairhold.choices import By, Kind, NewChoice
from fairhold.cli import demo_partner
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.dates import clock
from fairhold.intake import NewSource
from fairhold.sharing import keys, parties
from fairhold.sharing.parties import NewPartner
from fairhold.sharing.sftp import Endpoint
from tests.intake import made

TODAY = date(2026, 11, 24)
YOUTH = access.Actor(11, "Made-up youth officer", "youth-officer")
FIRST_IG = access.Actor(12, "Made-up first officer", "ig-officer")
SECOND_IG = access.Actor(13, "Made-up second officer", "ig-officer")

# What is told apart: a child too young, four ages with and without consent, one with a protected address.
CHILDREN = {
    "too young": ("2013-11-25", None),
    "thirteen": ("2013-11-24", None),
    "parent's consent": ("2011-03-03", "parent"),
    "parent's consent at 16": ("2010-11-24", "parent"),
    "own consent": ("2009-05-05", "young_person"),
    "protected": ("2010-01-06", None),
    "objects": ("2009-07-07", "objection"),
}


def as_youth() -> AbstractContextManager[access.Scope]:
    return access.scope(YOUTH, "youth-support")


def as_ig(actor: access.Actor = FIRST_IG) -> AbstractContextManager[access.Scope]:
    return access.scope(actor, "information-governance")


@pytest.fixture
def borough(clean: Path) -> Iterator[dict[str, int]]:
    """The children of `CHILDREN` at one school; name → the number of the person."""
    with clock.frozen(TODAY):
        with access.scope(access.Actor(2, "Made-up administrator", "administrator"), "administration") as scope:
            intake.add_sources(
                scope,
                sources=[NewSource("school", "Made-up School", "320", "2001"), NewSource("register", "Registers")],
            )
        pupils = [
            made.pupil(number, DOB=born, Address__PostCode="E17 0ZZ")
            for number, (born, _) in enumerate(CHILDREN.values(), 1)
        ]
        register = protection_register(pupils[list(CHILDREN).index("protected")])
        with access.scope(access.Actor(1, "Made-up officer", "data-officer"), "data-intake") as scope:
            for name, data in (("register", register), ("pupils", made.ctf(pupils))):
                intake.ingest(scope, offered=intake.offer([(name, data)], scope))
            found = scope.rows("select subject_id, surname from people.name where known_until = 'infinity'")
            by_name = {row["surname"]: row["subject_id"] for row in found}
            people = {name: by_name[pupil["Surname"]] for name, pupil in zip(CHILDREN, pupils, strict=True)}
        with as_youth() as scope:
            for name, (_, said) in CHILDREN.items():
                if said:
                    choices.record(scope, subject=people[name], choice=choice(said))
        yield people


def protection_register(pupil: dict[str, Any]) -> bytes:
    """One line: this child's address is protected."""
    line = ",".join((pupil["UPN"], pupil["Surname"], pupil["Forename"], pupil["DOB"], "address", "2026-01-01"))
    return f"UPN,SURNAME,FORENAME,DOB,KIND,FROM\r\n{line}\r\n".encode()


def choice(said: str) -> NewChoice:
    """A parent's or a young person's consent to school and year group, or a young person's objection to all."""
    consents = said != "objection"
    return NewChoice(
        kind=Kind.CONSENT if consents else Kind.OBJECTION,
        by=By(said) if consents else By.YOUNG_PERSON,
        recipient="youth-support",
        fields=("school", "year_group") if consents else None,
        from_date=date(2026, 1, 1),
        to_date=None,
        wording="made-up wording 1",
    )


@pytest.fixture
def partner(tmp_path: Path, clean: Path) -> Iterator[MadeUpPartner]:
    """The recipient's server, running."""
    with demo_partner.serving(tmp_path / "partner", keys.ours().login) as running:
        yield running


def new_partner(running: MadeUpPartner, **changes: Any) -> NewPartner:
    """The recipient as an officer registers it."""
    end = {"host": "127.0.0.1", "port": running.port, "login": "council", "folder": "/", "host_key": running.host_key}
    end |= {name: value for name, value in changes.items() if name in end}
    age_key = changes.get("age_key", running.age_key)
    return NewPartner(changes.get("kind", "youth-support"), "Made-up youth service", "P1", Endpoint(**end), age_key)


@pytest.fixture
def registered(borough: dict[str, int], partner: MadeUpPartner) -> int:
    """The recipient registered, confirmed by a second person, with an agreement in force."""
    return register(new_partner(partner))


def register(body: NewPartner) -> int:
    """Register a recipient, confirm its keys by the second officer, and record an agreement."""
    with as_ig() as scope:
        number = parties.add_partner(scope, body=body)
    with as_ig(SECOND_IG) as scope:
        prints = {
            "age_fingerprint": keys.age_fingerprint(body.age_key),
            "host_fingerprint": keys.host_fingerprint(body.endpoint.host_key),
        }
        parties.confirm_partner(scope, partner=number, **prints)
        parties.add_agreement(
            scope, partner=number, from_date=date(2026, 1, 1), to_date=date(2027, 1, 1), keeps="until 25 (made up)"
        )
    return number


Flow = Callable[..., int]
