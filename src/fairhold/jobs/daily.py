"""The daily run: every step of the table, one after the other; one that fails does not stop the others.

It runs as the account of the machine, which nobody signs in with. What a step did is kept in counts, for the page.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial

from fairhold import access, engine
from fairhold.access import Actor, Machine, Opens, Refused, Scope
from fairhold.access.errands import Errand, errands
from fairhold.dates import clock
from fairhold.engine import settings
from fairhold.errors import PlainError
from fairhold.jobs.steps import STEPS, Done
from fairhold.work import daily


@dataclass(frozen=True)
class Ran:
    """One step as it ran under one purpose."""

    errand: Errand
    purpose: str
    done: Done


def run(actor: Actor) -> Iterator[Ran]:
    """Run what is due, and tell of each step as it ends. A second run on the same day does nothing twice.

    Raises Refused for anybody but the account of the machine, and PlainError while another run goes on.
    """
    if actor.role != Machine.slug:
        raise Refused(
            "The daily run has an account of its own: an administrator adds it for the system user it runs as, with"
            " fairhold users add 'Daily run' --role daily-run --login daily-run --os-user NAME."
        )
    with _alone():
        for errand in errands().values():
            for purpose in errand.purposes:
                yield Ran(errand, purpose, _one(actor, errand, purpose))


def _one(actor: Actor, errand: Errand, purpose: str) -> Done:
    began = clock.now()
    done = _safely(errand, partial(_opened, actor, errand, purpose))
    try:
        with _opened(actor, errand, purpose) as scope:
            daily.keep(scope, step=errand.step, began=began, ended=clock.now(), counts=done.counts, failed=done.wrong)
    except Exception as error:  # the other steps still run; what was done stays done
        return Done(done.counts, (*done.wrong, f"That it ran could not be kept. {_sentence(error)}"))
    return done


def _safely(errand: Errand, opens: Opens) -> Done:
    try:
        return STEPS[errand.step](opens)
    except Exception as error:
        return Done({}, (_sentence(error),))


def _sentence(error: Exception) -> str:
    """For people. A fault nobody foresaw is never quoted: its words may hold personal data."""
    if isinstance(error, PlainError):
        return error.sentence
    ours = f"Fairhold itself is at fault ({type(error).__name__}): what was not finished is not done."
    return engine.plain(error) or ours


def _opened(actor: Actor, errand: Errand, purpose: str) -> AbstractContextManager[Scope]:
    return access.keeping(access.scope(actor, purpose, login="worker", errand=errand.step))


@contextmanager
def _alone() -> Iterator[None]:
    """One run at a time on a machine."""
    handle = os.open(settings.private_folder("work") / "daily.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise PlainError("A daily run is going on already: nothing was done. Wait until it has ended.") from None
    else:
        yield
    finally:
        os.close(handle)
