"""Who a command acts as: the account linked to the operating-system user, under a purpose it names."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager

from fairhold import access
from fairhold.access import accounts
from fairhold.cli import demo_clock


def account() -> accounts.Account:
    """The caller's account; refused when none is linked. In a demo FAIRHOLD_AS may name a made-up account instead."""
    demo_clock.adopt()
    wanted = os.environ.get("FAIRHOLD_AS")
    if wanted:
        found = accounts.by_login(wanted)
        if found is None or not found.made_up:
            raise access.Refused("FAIRHOLD_AS names no made-up account of a demo.")
        return found
    user = getpass.getuser()
    linked = accounts.by_os_user(user)
    if linked is None:
        raise access.Refused(
            f"No account is linked to the system user “{user}”: an administrator adds one with"
            " fairhold users add --os-user."
        )
    return linked


@contextmanager
def acting(purpose: str | None, *, otherwise: str) -> Iterator[access.Scope]:
    """A scope for a command, under `--purpose` or, where none was given, the one purpose the command is made for."""
    with access.keeping(access.scope(account().actor(), purpose or otherwise, login="worker")) as scope:
        yield scope
