"""A build takes its instant when nobody is writing: what it sees then is what that instant shows for ever."""

from __future__ import annotations

import threading
from datetime import datetime
from pathlib import Path

from fairhold import access
from fairhold.dates import clock
from fairhold.facts.settling import settled, writing
from tests.building.conftest import ANALYST, OFFICER

Acts = threading.Event


def test_an_instant_is_settled_when_all_who_began_before_it_have_ended(cluster: Path) -> None:
    began, may_end, found = Acts(), Acts(), list[datetime]()

    def write() -> None:
        with access.scope(OFFICER, "data-intake") as scope:
            writing(scope)
            began.set()
            may_end.wait(20)

    def build() -> None:
        with access.scope(ANALYST, "statutory-returns") as scope:
            found.append(settled(scope))

    writer, builder = threading.Thread(target=write), threading.Thread(target=build)
    writer.start()
    assert began.wait(20)
    after = clock.now()
    builder.start()
    builder.join(0.5)
    assert builder.is_alive(), "it waits for the writer"
    may_end.set()
    builder.join(20)
    writer.join(20)
    assert found[0] >= after
    with access.scope(OFFICER, "data-intake") as scope:
        writing(scope)  # the lock was given back at once: the next writer need not wait
        assert clock.now() >= found[0]
