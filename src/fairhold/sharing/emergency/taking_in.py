"""Taking the spool into the store: once each, in the order written, and a file goes only when what it says is kept."""

from __future__ import annotations

from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fairhold import access
from fairhold.access import Actor, Note, Scope, accounts, verb
from fairhold.sharing.domain import Refusal
from fairhold.sharing.emergency import reviewing, spool, storing
from fairhold.sharing.emergency.domain import EmergencyError, facts_from
from fairhold.sharing.emergency.judging import Judgement
from fairhold.sharing.emergency.spool import Entry
from fairhold.sharing.emergency.storing import Whom
from fairhold.sharing.emergency.telling import child_of, completed


@dataclass(frozen=True)
class TakenIn:
    """What became of the spool: `done` entries are in the store (`new` of them since now); `wrong` are sentences."""

    done: tuple[Entry, ...]
    new: int
    wrong: tuple[str, ...]


def take_in(actor: Actor, purpose: str) -> TakenIn:
    """Take every entry in, in one transaction, and remove the files after it."""
    return taken(access.scope(actor, purpose, login="worker"))


def taken(opened: AbstractContextManager[Scope]) -> TakenIn:
    """As `take_in`, in a transaction that somebody else opens."""
    with opened as scope:
        found = store(scope)
    spool.remove(list(found.done))
    return found


@verb("emergency.take-in", daily=True)
def store(scope: Scope) -> TakenIn:
    """Put what the spool says into the store. The files stay: whoever calls this removes them after the commit."""
    entries = spool.pending()
    done: list[Entry] = []
    wrong: list[str] = []
    new = 0
    known = {spool.START, *_links(scope), *(entry.link for entry in entries)}
    for entry in entries:
        try:
            document = spool.opened(entry)
        except EmergencyError as error:
            wrong.append(error.sentence)
            continue
        if document["before"] not in known:
            wrong.append(f"The entry before entry {entry.number} of the spool is missing: look for who took it away.")
        new += _store(scope, entry, document)
        done.append(entry)
    if spool.last(spool.folder()).link not in known:
        wrong.append("The last entry written to the spool is missing: look for who took it away.")
    scope.tell(entries=len(entries), new=new, wrong=len(wrong))
    return TakenIn(tuple(done), new, tuple(wrong))


def _same(name: str, other: str) -> bool:
    return name.strip().casefold() == other.strip().casefold()


def _links(scope: Scope) -> set[str]:
    rows = scope.rows(
        "select entry from system.emergency where entry is not null"
        " union all select entry from system.share_declined where entry is not null"
    )
    return {row["entry"] for row in rows}


def _store(scope: Scope, entry: Entry, document: dict[str, Any]) -> bool:
    facts = facts_from(document["facts"])
    judgement = Judgement(
        tuple(document["by_gate"]),
        tuple(document["by_override"]),
        tuple(Refusal(**one) for one in document["refused"]),
        document["policy_version"],
    )
    whom = Whom(None, 1 if facts.address_protected == "yes" else 0)
    with suppress(EmergencyError):  # what was told stands all the same, of a child who was described
        facts, whom = completed(facts, child_of(scope, facts))
    account = accounts.by_os_user(document["teller"])
    number = storing.keep(
        scope,
        facts,
        whom,
        judgement,
        at=datetime.fromisoformat(document["told_at"]),
        teller=document["teller"],
        account=None if account is None else account.id,
        entry=entry.link,
        why=document["why"],
    )
    if number is not None:
        subjects = [] if whom.subject is None else [whom.subject]
        scope.record("emergency.told", Note(subjects, {"emergency": number, "told_at": document["told_at"]}))
        if whom.guard and "address" in judgement.by_gate:
            reviewing.breach(scope, number, "an address was told that is protected")
        if account is not None and facts.override is not None and _same(facts.override.second, account.name):
            reviewing.breach(scope, number, "the second person named is the one who told it")
    return number is not None
